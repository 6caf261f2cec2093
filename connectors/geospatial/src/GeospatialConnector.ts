import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import { expectDefined } from "@itwin/core-bentley";
import { hashFile, type SourceDocument, type SourceEntity } from "itwin-connector-framework";
import { counted } from "itwin-connector-framework/internal";
import * as tables from "itwin-connector-framework/tables";
import type { Feature, FeatureSource } from "./source/Feature.js";
import { LeftOut } from "./source/leftOut.js";
import { FeatureTable, shapeOf } from "./FeatureTable.js";
import type { FeatureFindings, KnownFeatures } from "./geojson/FeatureSurvey.js";
import { openGeoJson } from "./geojson/openGeoJson.js";
import { geospatialChecks, type GeospatialOptions } from "./source/geospatialOptions.js";
import { rangeInside, rangeOf, type PlacingFeatures } from "./place/rangeInside.js";
import { placeSource, readSystem, type NamedSystem } from "./place/placeSource.js";
import { openShapefile } from "./shapefile/openShapefile.js";
import { findParts } from "./shapefile/parts.js";

/** Files of features, with the options that no other format has. */
export const geospatialFormat: tables.TableFormat = {
  name: "Geospatial",
  code: "geospatial",
  schemaPrefix: "Geo",
  packageJson: new URL("../package.json", import.meta.url),
  without: ["x", "y", "z", "longitude", "latitude", "height"],
  options: geospatialChecks,
};

/** A file whose features are known. */
interface OpenedFeatures {
  document: tables.TableDocument<GeospatialOptions>;
  source: FeatureSource;
  crs: NamedSystem;
  table: FeatureTable;
}

/** Brings the features of a shapefile or a GeoJSON file into an iModel, an element for each. */
export class GeospatialConnector extends tables.TableConnector<GeospatialOptions> {
  protected override readonly format = geospatialFormat;
  private _features?: OpenedFeatures;

  /** A shapefile is several files. */
  protected override async getFiles(sourcePath: string): Promise<readonly string[]> {
    return isShapefile(sourcePath) ? Object.values(await findParts(sourcePath)) : [sourcePath];
  }

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    const document = await super.getDocument(sourcePath);
    const files = await this.getFiles(sourcePath);
    if (files.length === 1) return document;
    const hash = createHash("sha256").update(`${document.checksum} `); // it has more in it than the file, such as the mapping
    for (const file of files) hash.update(`${extname(file).toLowerCase()} ${await hashFile(file)} `);
    return { ...document, checksum: hash.digest("base64url") };
  }

  protected override async openTables(document: tables.TableDocument<GeospatialOptions>): Promise<tables.TableReader> {
    const { path, options, errors, known } = document;
    const report = (key: string, message: string) => this._report(key, message);
    const leftOut = new LeftOut((each) => this.reportNotImported(each));
    const source = isShapefile(path)
      ? await openShapefile(document, { report, leftOut })
      : await openGeoJson(document, { report, leftOut, known: known && knownFeatures(known) });
    const crs = readSystem(source, options, { path, errors, gridFolder: this.args.grids });
    const table = new FeatureTable(basename(path, extname(path)), source, options, errors, report);
    this._features = { document, source, crs, table };
    return {
      tables: [table],
      get findings() {
        return source.findings;
      },
    };
  }

  protected override async writeDefinitions(): Promise<void> {
    const { document, source, crs, table } = expectDefined(this._features);
    const { imodel, statistics } = this.synchronizer;
    const placing = await this._placingFeatures(source, table);
    const { range, outside } =
      crs.system === undefined ? { range: placing.range, outside: [] } : await rangeInside(placing, crs.system);
    if (outside.length > 0)
      statistics.report({ code: "places/outside-area", message: outsideMessage(outside, crs.system?.name ?? "") });
    table.place = placeSource(imodel, crs, {
      range,
      path: document.path,
      units: document.options.units,
      report: (code, message) => statistics.report({ code, message }),
    });
    await super.writeDefinitions();
  }

  protected override async *readEntities(): AsyncGenerator<readonly SourceEntity[]> {
    yield* super.readEntities();
    this._features?.table.finish();
  }

  /** The features that become elements: others must not decide where the iModel is. */
  private async _placingFeatures(source: FeatureSource, table: FeatureTable): Promise<PlacingFeatures> {
    const rowsOf = () => this.filteredRows(table);
    if (rowsOf() === undefined) return source;
    const features = () => passing(rowsOf() ?? []);
    return { features, range: await rangeOf({ features }) };
  }

  private _report(key: string, message: string): void {
    this.synchronizer.statistics.report({ code: `geospatial/${key}`, message });
  }
}

async function* passing(
  lists: AsyncIterable<readonly tables.TableRow[]> | Iterable<readonly tables.TableRow[]>,
): AsyncGenerator<Feature[]> {
  for await (const rows of lists) yield rows.map((row) => ({ number: row.number, cells: [], shape: shapeOf(row) }));
}

function knownFeatures(known: tables.KnownFindings): KnownFeatures {
  return { ...(known.findings as FeatureFindings), onOutdated: () => known.onOutdated() };
}

function outsideMessage(records: readonly number[], name: string): string {
  const examples = records.slice(0, 3).join(", ");
  const verb = records.length === 1 ? "lies" : "lie";
  return `${counted(records.length, "record")} ${verb} outside of the area in which "${name}" is used, such as ${examples}. Such records do not decide where the iModel is.`;
}

function isShapefile(path: string): boolean {
  return extname(path).toLowerCase() === ".shp";
}
