import { open } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { SourceErrors } from "itwin-connector-framework/tables";

/** A format that is not read, and what to do with a file of it. */
interface OtherFormat {
  readonly name: string;
  readonly advice: string;
}

/** So many bytes tell the formats apart. */
const startSize = 1024;

/** What to do with most of them. */
export const convert = "Convert it to GeoJSON or a shapefile, for example with ogr2ogr.";

const shapefileParts = /\.(?:dbf|shx|prj|cpg|sbn|sbx)$/i;

/**
 * Refuses files of other formats for maps under their names: as a text each of them is damaged.
 * @throws ConnectorError `geospatial/not-geojson`
 */
export async function refuseOtherFormats(errors: SourceErrors): Promise<void> {
  const format = formatOf(errors.file, await readStart(errors.file));
  if (format !== undefined) throw otherFormat(format, errors);
}

/** The error for a file of another format. */
export function otherFormat({ name, advice }: OtherFormat, errors: SourceErrors): Error {
  return errors.make("not-geojson", `The file is ${name}, which is not read.`, { source: {}, advice });
}

function formatOf(path: string, start: string): OtherFormat | undefined {
  if (shapefileParts.test(path))
    return {
      name: "a part of a shapefile",
      advice: `Name the .shp beside it, such as ${basename(path, extname(path))}.shp.`,
    };
  if (start.startsWith("SQLite format 3\0")) return { name: "a GeoPackage or another SQLite file", advice: convert };
  if (start.startsWith("fgb")) return { name: "FlatGeobuf", advice: convert };
  if (/^(?:\u00ef\u00bb\u00bf)?\s*</.test(start)) return { name: nameOfXml(start), advice: convert };
  return undefined;
}

function nameOfXml(start: string): string {
  if (/<kml[\s>]/.test(start)) return "KML";
  return start.includes("opengis.net/gml") ? "GML" : "XML";
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startSize), 0, startSize, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
