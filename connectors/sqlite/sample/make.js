/** `node sample/make.js` makes the versions of the sample, which are binary files, anew. */
import { fileURLToPath } from "node:url";
import { IModelHost } from "@itwin/core-backend";
import { makeDatabase } from "./database.js";

const tables = [
  "CREATE TABLE area (id TEXT PRIMARY KEY, name TEXT NOT NULL)",
  `CREATE TABLE equipment (tag TEXT PRIMARY KEY, type TEXT NOT NULL, area TEXT REFERENCES area (id),
    length_in REAL, spare BOOLEAN, installed DATE, x REAL, y REAL, z REAL)`,
  `CREATE TABLE pipe (source TEXT REFERENCES equipment (tag), target TEXT REFERENCES equipment (tag),
    diameter_mm INTEGER, PRIMARY KEY (source, target))`,
  "CREATE VIEW pumps AS SELECT tag AS id, area, installed FROM equipment WHERE type = 'pump'",
];
const areas = ["'A1', 'Intake'", "'A2', 'Boiler house'"];
const equipment = [
  "'P-101', 'pump', 'A1', 40, 0, '2019-04-01', 12.5, 3, 0.4",
  "'P-102', 'pump', 'A1', 40, 1, '2021-11-15', 14, 3, 0.4",
  "'T-201', 'tank', 'A2', 200, 0, NULL, 31, 9, 0",
];
const pipes = ["'P-101', 'T-201', 150", "'P-102', 'T-201', 150"];

const insert = (table, rows) => rows.map((row) => `INSERT INTO ${table} VALUES (${row})`);
const rows = [...insert("area", areas), ...insert("equipment", equipment), ...insert("pipe", pipes)];
const reordered = [
  ...insert("area", areas.toReversed()),
  ...insert("equipment", equipment.toReversed()),
  ...insert("pipe", pipes.toReversed()),
];
const versions = {
  "1-first/plant.db": [...tables, ...rows],
  "2-changed/plant.db": [...tables, ...rows, "UPDATE equipment SET spare = 0 WHERE tag = 'P-102'"],
  "3-deleted/plant.db": [...tables, ...rows, "DELETE FROM pipe WHERE source = 'P-102'"],
  "4-reordered/plant.db": [...tables, ...reordered],
  "other/harbour.db": [
    "CREATE TABLE crane (id INTEGER PRIMARY KEY, reach_m REAL)",
    "INSERT INTO crane VALUES (1, 42.5), (2, 38)",
  ],
};

await IModelHost.startup();
for (const [name, statements] of Object.entries(versions))
  makeDatabase(fileURLToPath(new URL(name, import.meta.url)), statements);
await IModelHost.shutdown();
