import type { IModelDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";
import { eachRow } from "../imodel/queries.js";
import type { References } from "./References.js";
import { digest, flatten, type Bag } from "./values.js";
import { isTimeText } from "./whatCounts.js";

/** Namespaces of file properties in which the platform keeps what it knows of the file itself: ids, times, versions. */
const fileNamespaces = ["be_Db", "ec_Db"];

/** File properties of dgn_Db that say who wrote the file, and those that are read in another way. */
const ignoredFileProperties = ["SchemaVersion", "LastEditor", "Client", "Extents", "Units", "EcefLocation"];

/** Reads what counts of an iModel as a whole. */
export function readIModelProperties(imodel: IModelDb, references: References): Bag {
  const bag: Bag = new Map();
  const { projectExtents, globalOrigin, ecefLocation, geographicCoordinateSystem } = imodel;
  const parts = { projectExtents, globalOrigin, ecefLocation, geographicCoordinateSystem };
  flatten(JSON.parse(JSON.stringify(parts)), "iModel", references, bag);
  readCodeSpecs(imodel, references, bag);
  readFileProperties(imodel, references, bag);
  return bag;
}

function readCodeSpecs(imodel: IModelDb, references: References, bag: Bag): void {
  eachRow(imodel, "SELECT Name, JsonProperties FROM bis.CodeSpec", [], (row) => {
    const name = `CodeSpec "${row.getValueString(0)}"`;
    bag.set(name, { key: "", shown: "exists" });
    flatten(JSON.parse(row.getValueStringMaybe(1) ?? "{}"), name, references, bag);
  });
}

function readFileProperties(imodel: IModelDb, references: References, bag: Bag): void {
  const sql = "SELECT Namespace, Name, Id, SubId, StrData, Data FROM be_Prop";
  imodel.withPreparedSqliteStatement(sql, (row) => {
    while (row.step() === DbResult.BE_SQLITE_ROW) {
      const [namespace, property] = [row.getValueString(0), row.getValueString(1)];
      if (fileNamespaces.includes(namespace) || ignoredFileProperties.includes(property)) continue;
      const name = `file property ${namespace}.${property}[${row.getValueInteger(2)},${row.getValueInteger(3)}]`;
      const value = row.isValueNull(4)
        ? blobText(row.isValueNull(5) ? undefined : row.getValueBlob(5))
        : row.getValueString(4);
      if (value === undefined || !isTimeText(value)) flatten(value, name, references, bag);
    }
  });
}

function blobText(blob: Uint8Array | undefined): string | undefined {
  return blob && `${blob.length} bytes, SHA-1 ${digest(blob)}`;
}
