import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import { hashFile, type SourceDocument } from "itwin-connector-framework";
import * as tables from "itwin-connector-framework/tables";
import type { FeatureSource } from "./source/Feature.js";
import { FeatureTable } from "./FeatureTable.js";
import { openGeoJson } from "./geojson/openGeoJson.js";
import { geospatialChecks, type GeospatialOptions } from "./source/geospatialOptions.js";
import { readCrs, type Crs } from "./place/Crs.js";
import { placeSource } from "./place/placeSource.js";
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

/** Brings the features of a shapefile or a GeoJSON file into an iModel, an element for each. */
export class GeospatialConnector extends tables.TableConnector<GeospatialOptions> {
  protected override readonly format = geospatialFormat;
  private _source!: FeatureSource;
  private _table!: FeatureTable;
  private _crs!: Crs;
  private _document!: tables.TableDocument<GeospatialOptions>;

  /** A shapefile is several files. */
  protected override async getFiles(sourcePath: string): Promise<readonly string[]> {
    return isShapefile(sourcePath) ? Object.values(await findParts(sourcePath)) : [sourcePath];
  }

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    const document = await super.getDocument(sourcePath);
    const files = await this.getFiles(sourcePath);
    if (files.length === 1) return document;
    const hash = createHash("sha256");
    for (const file of files) hash.update(`${extname(file).toLowerCase()} ${await hashFile(file)} `);
    return { ...document, checksum: hash.digest("base64url") };
  }

  protected override async openTables(document: tables.TableDocument<GeospatialOptions>): Promise<tables.TableReader> {
    const { path, options, errors } = document;
    const report = (key: string, message: string) => this._report(key, message);
    this._document = document;
    this._source = isShapefile(path) ? await openShapefile(document, report) : await openGeoJson(document);
    this._crs = readCrs(options.crs ?? this._source.crs, this._source.extent, errors);
    this._table = new FeatureTable(basename(path, extname(path)), this._source, options, errors, report);
    return { tables: [this._table] };
  }

  protected override async writeDefinitions(): Promise<void> {
    const { options, errors } = this._document;
    this._table.frame = placeSource(this.synchronizer.imodel, {
      crs: this._crs,
      extent: this._source.extent,
      units: options.units,
      errors,
      report: (key, message) => this._report(key, message),
    });
    await super.writeDefinitions();
  }

  private _report(key: string, message: string): void {
    this.synchronizer.statistics.report({ code: `geospatial/${key}`, message });
  }
}

function isShapefile(path: string): boolean {
  return extname(path).toLowerCase() === ".shp";
}
