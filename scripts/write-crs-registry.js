// Writes src/places/registry/epsg.json.br, the registry of coordinate systems, from the database of PROJ (https://proj.org), which
// holds the EPSG Dataset of IOGP (https://epsg.org). Both allow it with attribution; docs/places.md has that.
// Build first: it uses lib/.
// Usage: node scripts/write-crs-registry.js [/usr/share/proj/proj.db]
// To read it, or to compare two:
// node -p 'zlib.brotliDecompressSync(fs.readFileSync("src/places/registry/epsg.json.br")).toString()'
import { writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { OpenMode } from "@itwin/core-bentley";
import { IModelHost, SQLiteDb } from "@itwin/core-backend";
import { conversionText } from "./crs/conversions.js";
import { ProjDatabase } from "./crs/ProjDatabase.js";
import { findShifts } from "./crs/shifts.js";

/** Values that are written once, and known by their index. */
class List {
  constructor() {
    this._indices = new Map();
    this.values = [];
  }

  get keys() {
    return this._indices.keys();
  }

  add(key, value) {
    if (!this._indices.has(key)) this._indices.set(key, this.values.push(value) - 1);
    return this._indices.get(key);
  }
}

const [path = "/usr/share/proj/proj.db"] = process.argv.slice(2);
const target = new URL("../src/places/registry/epsg.json.br", import.meta.url);

await IModelHost.startup();
const sqlite = new SQLiteDb();
// No tables of the platform are expected in it.
sqlite.openDb(path, { openMode: OpenMode.Readonly, rawSQLite: true, skipFileCheck: true });
const database = new ProjDatabase(sqlite);
writeFileSync(target, brotliCompressSync(format(makeRegistry())));
sqlite.closeDb();
await IModelHost.shutdown();

function makeRegistry() {
  const lists = { ellipsoids: new List(), datums: new List(), areas: new List(), conversions: new List() };
  const geographic = database.geographic().map((row) => geographicRow(row, lists));
  const projected = database.projected().flatMap((row) => projectedRow(row, lists));
  const shifts = findShifts(database, [...lists.datums.keys]).map((ofDatum) =>
    ofDatum.map((shift) => shiftRow(shift, lists)),
  );
  const grids = [...lists.datums.keys].map((datum) =>
    database.grids(datum).map(({ name, accuracy, area }) => [name, accuracy, lists.areas.add(area.join(), area)]),
  );
  return {
    source: database.source(),
    ellipsoids: lists.ellipsoids.values,
    datums: lists.datums.values,
    areas: lists.areas.values,
    conversions: lists.conversions.values,
    shifts,
    grids,
    geographic,
    projected,
    vertical: database.vertical().map(({ code, name, unit, isDown }) => [code, name, unit, isDown ? 1 : 0]),
    compound: database.compound().map(({ code, name, horizontal, vertical }) => [code, name, horizontal, vertical]),
    geographic3d: database.geographic3d().map(({ code, name, flat }) => [code, name, flat]),
  };
}

function geographicRow({ code, name, aliases, datum, unit, area }, lists) {
  return [code, name, aliases, datumOf(datum, lists), unit, areaOf(area, lists)];
}

/** None for a projection that is not known to the library that computes it. */
function projectedRow({ code, name, aliases, datum, unit, axes, area, conversion }, lists) {
  const text = conversionText(conversion);
  if (text === undefined) return [];
  const row = [
    code,
    name,
    aliases,
    datumOf(datum, lists),
    lists.conversions.add(text, text),
    areaOf(area, lists),
    unit,
  ];
  return [axes === "en" ? row : [...row, axes]];
}

function datumOf(code, lists) {
  const { name, aliases, ellipsoid, meridian } = database.datum(code);
  const shape = database.ellipsoid(ellipsoid);
  const known = lists.ellipsoids.add(ellipsoid, [shape.name, shape.aliases, shape.semiMajor, shape.inverseFlattening]);
  return lists.datums.add(code, [name, aliases, known, meridian]);
}

function areaOf(area, lists) {
  return lists.areas.add(area.join(), area);
}

function shiftRow({ values, accuracy, area, isOffshore, code }, lists) {
  return [code, accuracy, areaOf(area, lists), values, ...(isOffshore ? [1] : [])];
}

/** A line for each entry, so that a newer database gives a change that can be read. */
function format(registry) {
  const entries = Object.entries(registry).map(([key, value]) => {
    if (!Array.isArray(value)) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    return `${JSON.stringify(key)}:[\n${value.map((each) => JSON.stringify(each)).join(",\n")}\n]`;
  });
  return `{\n${entries.join(",\n")}\n}\n`;
}
