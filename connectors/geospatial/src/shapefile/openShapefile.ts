import { readFile } from "node:fs/promises";
import type { TableDocument } from "itwin-connector-framework/tables";
import type { Feature, FeatureSource, Shape } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import type { GeospatialOptions } from "../source/geospatialOptions.js";
import { encodingOf } from "./codePages.js";
import { DbfFile, type DbfContext } from "./DbfFile.js";
import { Oddities, type Report } from "./Oddities.js";
import { findParts, type ShapefileParts } from "./parts.js";
import { ShpFile } from "./ShpFile.js";
import { ShxIndex } from "./ShxIndex.js";

/**
 * Opens a shapefile: its shapes and their attributes.
 * @throws ConnectorError for files that are missing or damaged, and with the option "strict" for those that are odd
 */
export async function openShapefile(
  { path, options, errors, onProgress }: TableDocument<GeospatialOptions>,
  { report, leftOut }: { report: Report; leftOut: LeftOut },
): Promise<FeatureSource> {
  const parts = await findParts(path);
  const newOddities = () => new Oddities(errors, options.strict === true);
  const oddities = newOddities();
  const dbf = await openDbf(parts, options, { errors, leftOut, oddities });
  const index = await ShxIndex.open(parts, dbf.count, oddities);
  const shp = await ShpFile.open({ path, errors, onProgress, leftOut, oddities, expectedCount: dbf.count, index });
  noteCounts(shp, dbf, { oddities, leftOut });
  oddities.report(report);
  for (const message of dbf.notes) report("attributes-left-out", message);
  const crs = parts.prj === undefined ? undefined : (await readFile(parts.prj, "utf8")).trim();
  const values = new FirstPass(newOddities, report);
  return {
    names: dbf.names,
    types: dbf.types,
    crs,
    hasIds: false,
    crsFile: parts.prj,
    range: shp.range,
    features: () => values.noteIn((found) => featuresOf(shp, dbf, found)),
  };
}

/** Takes note of odd values in the first pass over all records, and of none in later ones. */
class FirstPass {
  private _isDone = false;

  public constructor(
    private readonly _newOddities: () => Oddities,
    private readonly _report: Report,
  ) {}

  public async *noteIn<T>(read: (oddities?: Oddities) => AsyncIterable<T>): AsyncGenerator<T> {
    const oddities = this._isDone ? undefined : this._newOddities();
    yield* read(oddities);
    if (!this._isDone) oddities?.report(this._report);
    this._isDone = true;
  }
}

/**
 * Records that have both a shape and attributes. A record that is marked as deleted has its shape until the file is packed.
 */
async function* featuresOf(shp: ShpFile, dbf: DbfFile, oddities?: Oddities): AsyncGenerator<Feature> {
  const shapes = shp.shapes();
  let number = 0;
  try {
    for await (const record of dbf.records()) {
      const { value: shape, done } = (await shapes.next()) as IteratorResult<Shape | undefined, undefined>;
      if (done === true) return;
      number++;
      if (!dbf.isDeleted(record)) yield { number, cells: dbf.read(record, number, oddities), shape };
    }
  } finally {
    await shapes.return(undefined);
  }
}

async function openDbf(
  { dbf, cpg }: ShapefileParts,
  options: GeospatialOptions,
  { errors, ...context }: Pick<DbfContext, "errors" | "leftOut" | "oddities">,
): Promise<DbfFile> {
  if (dbf === undefined)
    throw errors.make("no-dbf", "The .dbf file is missing, which holds the attributes.", {
      source: {},
      advice: "Put it beside the .shp, under the same name.",
    });
  const codePage = cpg === undefined ? undefined : await readFile(cpg, "latin1");
  const given = { ...options, codePage };
  return DbfFile.open({ file: dbf, encodingOf: (header) => encodingOf(given, header, errors), errors, ...context });
}

function noteCounts(shp: ShpFile, dbf: DbfFile, { oddities, leftOut }: { oddities: Oddities; leftOut: LeftOut }): void {
  if (shp.count === dbf.count) return;
  const common = Math.min(shp.count, dbf.count);
  const counts = `the .shp has ${shp.count} records, and the .dbf ${dbf.count}`;
  oddities.add("records-differ", `${counts}. The first ${common} are read`);
  const what = shp.count > common ? "shape without attributes" : "attributes without a shape";
  leftOut.add(what, counts, `record ${common + 1}`, Math.abs(shp.count - dbf.count));
}
