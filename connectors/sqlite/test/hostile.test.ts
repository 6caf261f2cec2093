import { fileURLToPath } from "node:url";
import { hostileTablesAs, type HostileTable } from "itwin-connector-framework/testing";
import { execute } from "../../../test/support/sqlite.js";
import { describeHostile } from "../../../test/support/hostile.js";

/** SQLite takes no more columns in a table, and values in a statement. */
const mostColumns = 2000;

describeHostile({
  connectorModule: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
  ...hostileTablesAs("hostile.db", writeDatabase),
});

/** A name that comes twice, also in another case, is there once; a NUL would end the statement. */
function writeDatabase({ header, rows }: HostileTable, path: string): undefined {
  const names = header.map((name) => name.toLowerCase());
  const columns = [...header.keys()]
    .filter((index) => names.indexOf(names[index]!) === index && !names[index]!.includes("\0"))
    .slice(0, mostColumns);
  const definition = columns.map((index) => `"${header[index]!.replaceAll('"', '""')}"`).join();
  const values = rows.map((cells) => `(${columns.map((index) => literal(cells[index])).join()})`).join();
  execute(path, [
    "DROP TABLE IF EXISTS hostile",
    `CREATE TABLE hostile (${definition || "empty"})`,
    ...(rows.length > 0 && columns.length > 0 ? [`INSERT INTO hostile VALUES ${values}`] : []),
  ]);
}

function literal(cell: HostileTable["rows"][number][number] | undefined): string {
  if (cell === null || cell === undefined) return "NULL";
  if (typeof cell === "number" || typeof cell === "boolean") return `${cell}`;
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : cell;
  return `CAST(x'${Buffer.from(text).toString("hex")}' AS TEXT)`;
}
