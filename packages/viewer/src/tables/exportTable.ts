import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "itwin-connector-framework";
import { placeDurably } from "itwin-connector-framework/internal";
import { ModelContents } from "../elements/ModelContents.js";
import { idIn } from "../elements/rows.js";
import { withIModel } from "../graphics/GraphicsSource.js";
import { checkOutput, explainFullDisk } from "../graphics/output.js";
import { CsvWriter } from "./CsvWriter.js";
import { ElementRows, type Selection } from "./ElementRows.js";
import { GeoJsonWriter, GeoShapes } from "./GeoJsonWriter.js";
import { JsonLinesWriter } from "./JsonLinesWriter.js";
import {
  queryAsCsv,
  queryAsGeoJson,
  queryAsJson,
  startQuery,
  valuesOf,
  type Query,
  type QueryWriter,
} from "./queryRows.js";
import { selectClasses, selectElements } from "./selections.js";
import type { TableExport, TableExportOptions, TableIssue } from "./TableExport.js";
import { TextFile, type TableWriter } from "./TableWriter.js";

/**
 * Writes elements of an iModel with their properties, units and provenance to a table. docs/see.md describes the formats.
 * @param source - an open iModel, or the path of one of any kind
 * @param file - path of the new file
 * @throws ConnectorError `usage/...` if the iModel cannot be read or the file exists, `usage/unknown-class`,
 * `viewer/ecsql`, `viewer/no-place` for GeoJSON of an iModel without a place on the Earth, or `viewer/disk-full`
 * @public
 */
export async function exportTable(
  source: IModelDb | string,
  file: string,
  options: TableExportOptions,
): Promise<TableExport> {
  const path = resolve(file);
  if (options.classes !== undefined && options.ecsql !== undefined)
    throw new ConnectorError("usage/classes-and-ecsql", "Classes and a query cannot be given together.", {
      advice: "Name the classes in the query.",
    });
  return withIModel(source, async (imodel, from) => {
    checkOutput({ path, kind: "file", source: from, overwrite: options.overwrite });
    const writing = new Writing(await ModelContents.read(imodel), from, options);
    const content = await writing.start();
    await placeDurably(path, (unfinished) => TextFile.create(unfinished, content)).catch((error: unknown) => {
      throw explainFullDisk(error, path);
    });
    return { path, size: (await stat(path)).size, elements: writing.elements, issues: writing.issues };
  });
}

/** One export. */
class Writing {
  public elements = 0;
  public readonly issues: TableIssue[] = [];

  public constructor(
    private readonly _contents: ModelContents,
    /** The path of the iModel, as the user knows it. */
    private readonly _file: string,
    private readonly _options: TableExportOptions,
  ) {}

  /** Checks what is asked for, before a file is there. @returns what writes it */
  public async start(): Promise<(file: TextFile) => Promise<void>> {
    const { ecsql, classes } = this._options;
    if (ecsql === undefined) return this._startElements(await selectClasses(this._contents, classes));
    const query = await startQuery(this._contents.imodel, ecsql);
    if (!query.selectsElements) return this._startQuery(query);
    const ids: string[] = [];
    for await (const row of query.rows) ids.push(idIn(row, 0));
    return this._startElements(await selectElements(this._contents, ids));
  }

  private async _startElements(selections: readonly Selection[]): Promise<(file: TextFile) => Promise<void>> {
    const writer = this._writer();
    const rows = new ElementRows(this._contents, selections);
    const columns = await rows.readColumns();
    return async (file) => {
      await file.add(writer.begin(columns));
      for await (const batch of rows.read()) {
        for (const row of batch) await file.add(writer.row(row));
        this.elements += batch.length;
        this._options.onProgress?.({ done: this.elements, total: rows.total });
        await setImmediate(); // signals are heard
      }
      await file.add(writer.end());
    };
  }

  private _startQuery(query: Query): (file: TextFile) => Promise<void> {
    const writer = this._queryWriter(query);
    return async (file) => {
      await file.add(writer.begin(query.names));
      for await (const row of query.rows) {
        await file.add(writer.row(valuesOf(row, query), query.names));
        this.elements++;
      }
      await file.add(writer.end());
    };
  }

  private _writer(): TableWriter {
    switch (this._options.format) {
      case "csv":
        return new CsvWriter();
      case "json":
        return new JsonLinesWriter();
      case "geojson":
        return new GeoJsonWriter(this._shapes(), this._contents.classes);
    }
  }

  private _queryWriter(query: Query): QueryWriter {
    switch (this._options.format) {
      case "csv":
        return queryAsCsv;
      case "json":
        return queryAsJson;
      case "geojson": {
        const shapes = this._shapes();
        return queryAsGeoJson(shapes, new GeoJsonWriter(shapes, this._contents.classes), query);
      }
    }
  }

  private _shapes(): GeoShapes {
    return new GeoShapes(this._contents.imodel, this._file, (issue) => this.issues.push(issue));
  }
}
