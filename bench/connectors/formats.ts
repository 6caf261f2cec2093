import { createReadStream, createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { read, utils, write } from "@e965/xlsx";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import { parse } from "csv-parse";
import * as shapefile from "shapefile";
import { dbf, point, shp, shx, utm10, type TestField } from "../../connectors/geospatial/test/shapefiles.js";

/** A format whose connector is measured. */
export interface Format {
  connector: string;
  fileName: string;
  args?: object;
  /** Writes a source with so many records. */
  write(path: string, records: number): void | Promise<void>;
  /** Reads a source with nothing but its parser, and returns how many records it found. */
  parse(path: string): number | Promise<number>;
}

const names = ["id", "name", "kind", "weight", "count", "installed", "x", "y"];

/** The cells of a record: a few texts and numbers, about 80 bytes. */
function cellsOf(index: number): (string | number)[] {
  const day = `2024-${`${1 + (index % 12)}`.padStart(2, "0")}-${`${1 + (index % 28)}`.padStart(2, "0")}`;
  return [`P-${index}`, `Pump number ${index}`, index % 3 === 0 ? "valve" : "pump", index / 8, index % 100, day, index % 1000, index / 1000]; // prettier-ignore
}

function recordOf(index: number): Record<string, string | number> {
  return Object.fromEntries(cellsOf(index).map((cell, column) => [names[column]!, cell]));
}

function* pieces(records: number, textOf: (index: number) => string, start = "", end = ""): Generator<string> {
  yield start;
  for (let index = 0; index < records; index++) yield textOf(index);
  yield end;
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const item of items) if (item !== undefined) found++;
  return found;
}

const csv: Format = {
  connector: "csv",
  fileName: "parts.csv",
  write: (path, records) =>
    pipeline(
      Readable.from(pieces(records, (index) => `${cellsOf(index).join()}\n`, `${names.join()}\n`)),
      createWriteStream(path),
    ),
  parse: async (path) => (await count(createReadStream(path).pipe(parse()))) - 1,
};

const json: Format = {
  connector: "json",
  fileName: "parts.json",
  write: (path, records) => {
    const textOf = (index: number) => `${index > 0 ? "," : ""}\n${JSON.stringify(recordOf(index))}`;
    return pipeline(Readable.from(pieces(records, textOf, "[", "\n]\n")), createWriteStream(path));
  },
  parse: (path) => (JSON.parse(readFileSync(path, "utf8")) as unknown[]).length,
};

const raw = { rawSQLite: true, skipFileCheck: true, defaultTxn: 0 } as const;

const sqlite: Format = {
  connector: "sqlite",
  fileName: "parts.db",
  write(path, records) {
    const db = new SQLiteDb();
    db.createDb(path, undefined, raw);
    db.executeSQL(
      `CREATE TABLE part (id TEXT PRIMARY KEY, name TEXT, kind TEXT, weight REAL, count INTEGER, installed DATE, x REAL, y REAL)`,
    );
    const from = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${records})`;
    db.executeSQL(`${from} INSERT INTO part SELECT 'P-' || i, 'Pump number ' || i, iif(i % 3, 'pump', 'valve'), i / 8.0, i % 100,
      printf('2024-%02d-%02d', 1 + i % 12, 1 + i % 28), i % 1000, i / 1000.0 FROM n`);
    db.closeDb(false);
  },
  parse(path) {
    const db = new SQLiteDb();
    db.openDb(path, { ...raw, openMode: OpenMode.Readonly });
    const found = db.withSqliteStatement("SELECT * FROM part", (statement) => [...statement].length);
    db.closeDb(false);
    return found;
  },
};

const xlsx: Format = {
  connector: "xlsx",
  fileName: "parts.xlsx",
  write(path, records) {
    const rows = Array.from({ length: records }, (_, index) => cellsOf(index));
    const workbook = utils.book_new(utils.aoa_to_sheet([names, ...rows]), "Parts");
    writeFileSync(path, write(workbook, { type: "buffer", bookType: "xlsx", compression: true }) as Buffer);
  },
  parse: (path) => read(readFileSync(path), { type: "buffer", dense: true }).Sheets.Parts!["!data"]!.length - 1,
};

function featureOf(index: number): object {
  const geometry = { type: "Point", coordinates: [8 + (index % 1000) / 1e5, 50 + index / 1e8] };
  return { type: "Feature", geometry, properties: recordOf(index) };
}

const geojson: Format = {
  connector: "geospatial",
  fileName: "parts.geojson",
  write: (path, records) => {
    const textOf = (index: number) => `${index > 0 ? "," : ""}\n${JSON.stringify(featureOf(index))}`;
    const start = '{"type":"FeatureCollection","features":[';
    return pipeline(Readable.from(pieces(records, textOf, start, "\n]}\n")), createWriteStream(path));
  },
  parse: (path) => (JSON.parse(readFileSync(path, "utf8")) as { features: unknown[] }).features.length,
};

const fields: TestField[] = names.map((name) => [name, name === "weight" ? "N" : "C", 24, name === "weight" ? 3 : 0]);

const shapes: Format = {
  connector: "geospatial",
  fileName: "parts.shp",
  write(path, records) {
    const points = Array.from({ length: records }, (_, index) =>
      point(500_000 + (index % 1000), 4_000_000 + index / 1000),
    );
    const rows = Array.from({ length: records }, (_, index) => cellsOf(index).map(String));
    writeFileSync(path, shp(points));
    writeFileSync(path.replace(/shp$/, "shx"), shx(points));
    writeFileSync(path.replace(/shp$/, "dbf"), dbf(fields, rows));
    writeFileSync(path.replace(/shp$/, "prj"), utm10);
  },
  async parse(path) {
    const source = await shapefile.open(path);
    let found = 0;
    while (!(await source.read()).done) found++;
    return found;
  },
};

/** All formats, by their names. */
export const formats: Readonly<Record<string, Format>> = { csv, json, sqlite, xlsx, geojson, shp: shapes };
