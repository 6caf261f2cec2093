import { hostileTablesAs, type HostileTable } from "itwin-connector-framework/testing";
import { book, bytes, connectorModule, date, type Content } from "./support.js";
import { describeHostile } from "../../../test/support/hostile.js";

/** A cell holds so many characters at most. */
const longestText = 32_767;
/** Days since 1899-12-30, from which workbooks count them. */
const epoch = Date.UTC(1899, 11, 30);
const day = 86_400_000;

describeHostile({ connectorModule, ...hostileTablesAs("hostile.xlsx", toWorkbook) });

function toWorkbook({ header, rows }: HostileTable): Buffer {
  return bytes(book([["Hostile", [header, ...rows].map((cells) => cells.map(contentOf))]]));
}

/** A number that is none in a workbook is a text, and a text that is too long is cut. */
function contentOf(cell: HostileTable["rows"][number][number]): Content {
  if (cell instanceof Date) return date((cell.getTime() - epoch) / day);
  if (typeof cell === "number" && !Number.isFinite(cell)) return `${cell}`;
  return typeof cell === "string" ? cell.slice(0, longestText) : cell;
}
