import { fileURLToPath } from "node:url";
import * as xlsx from "@e965/xlsx";
import { describeHostileSources, hostileTablesAs, type HostileTable } from "itwin-connector-framework/testing";

describeHostileSources({
  connectorModule: fileURLToPath(new URL("../src/index.js", import.meta.url)),
  ...hostileTablesAs("hostile.xlsx", toWorkbook),
});

/** A cell holds 32,767 characters at most, so a longer one is cut. */
function toWorkbook({ header, rows }: HostileTable): Uint8Array {
  const cells = [header, ...rows].map((row) =>
    row.map((cell) => (typeof cell === "string" ? cell.slice(0, 32_767) : cell)),
  );
  const workbook = xlsx.utils.book_new(xlsx.utils.aoa_to_sheet(cells, { UTC: true }), "Parts");
  return xlsx.write(workbook, { type: "buffer", bookType: "xlsx", compression: true }) as Uint8Array;
}
