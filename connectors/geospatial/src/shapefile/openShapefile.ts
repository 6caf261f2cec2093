import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { SourceErrors, TableDocument } from "itwin-connector-framework/tables";
import type { Feature, FeatureSource, Shape } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import type { GeospatialOptions } from "../source/geospatialOptions.js";
import { encodingOf } from "./codePages.js";
import { DbfFile, type DbfContext } from "./DbfFile.js";
import { findParts, type ShapefileParts } from "./parts.js";
import { ShpFile } from "./ShpFile.js";

/** Takes note of something that the user should know. */
export type Report = (key: string, message: string) => void;

/**
 * Opens a shapefile: its shapes and their attributes, which have to be as many.
 * @throws ConnectorError for files that are missing, damaged, or do not fit together
 */
export async function openShapefile(
  { path, options, errors, onProgress }: TableDocument<GeospatialOptions>,
  { report, leftOut }: { report: Report; leftOut: LeftOut },
): Promise<FeatureSource> {
  const parts = await findParts(path);
  const shp = await ShpFile.open({ path: parts.shp, errors, onProgress, leftOut });
  const dbf = await openDbf(parts, options, { errors, leftOut });
  checkCounts(shp, dbf, errors);
  await checkIndex(parts, shp, { errors, report });
  for (const message of dbf.notes) report("attributes-left-out", message);
  const crs = parts.prj === undefined ? undefined : (await readFile(parts.prj, "utf8")).trim();
  return {
    names: dbf.names,
    crs,
    hasIds: false,
    crsFile: parts.prj,
    range: shp.range,
    features: () => featuresOf(shp, dbf),
  };
}

/** A record that is marked as deleted has its shape until the file is packed. */
async function* featuresOf(shp: ShpFile, dbf: DbfFile): AsyncGenerator<Feature> {
  const shapes = shp.shapes();
  let number = 0;
  try {
    for await (const record of dbf.records()) {
      number++;
      const { value: shape } = (await shapes.next()) as IteratorResult<Shape | undefined, undefined>;
      if (!dbf.isDeleted(record)) yield { number, cells: dbf.read(record, number), shape };
    }
  } finally {
    await shapes.return(undefined);
  }
}

async function openDbf(
  { dbf, cpg }: ShapefileParts,
  options: GeospatialOptions,
  { errors, leftOut }: Pick<DbfContext, "errors" | "leftOut">,
): Promise<DbfFile> {
  if (dbf === undefined)
    throw errors.make("no-dbf", "The .dbf file is missing, which holds the attributes.", {
      source: {},
      advice: "Put it beside the .shp, under the same name.",
    });
  const codePage = cpg === undefined ? undefined : await readFile(cpg, "latin1");
  const given = { ...options, codePage };
  return DbfFile.open({ file: dbf, encodingOf: (header) => encodingOf(given, header, errors), errors, leftOut });
}

function checkCounts(shp: ShpFile, dbf: DbfFile, errors: SourceErrors): void {
  if (shp.count === dbf.count) return;
  const message = `The .shp has ${shp.count} records, and the .dbf ${dbf.count}.`;
  throw errors.make("records-differ", message, {
    source: {},
    advice: "Fetch or export all files anew: one of them is cut off, or they are of different versions.",
  });
}

/** The index is not needed to read the shapes, but it tells when some of them are missing. */
async function checkIndex(
  { shx }: ShapefileParts,
  { count }: ShpFile,
  { errors, report }: { errors: SourceErrors; report: Report },
): Promise<void> {
  if (shx === undefined) {
    report(
      "no-shx",
      `${basename(errors.file)}: the .shx file is missing. The shapes were read in order, all ${count}.`,
    );
    return;
  }
  const indexed = ((await stat(shx)).size - 100) / 8;
  if (indexed === count) return;
  throw errors.make("records-differ", `The .shp has ${count} records, and the .shx ${Math.max(0, indexed)}.`, {
    source: { file: shx },
    advice: "Fetch or export all files anew; without the .shx the shapes are read in order.",
  });
}
