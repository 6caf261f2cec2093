import * as tables from "itwin-connector-framework/tables";
import { readRecords } from "./recordStream.js";

/** The options of the connector; README.md tells what they are for. */
export type JsonOptions = tables.TableOptions & { records?: string; lines?: boolean; encoding?: string };

/** JSON, with the options that no other format has. */
export const jsonFormat: tables.TableFormat = {
  name: "JSON",
  code: "json",
  schemaPrefix: "Json",
  packageJson: new URL("../package.json", import.meta.url),
  options: {
    records: tables.faultOfText,
    lines: tables.faultOfFlag,
    encoding: tables.faultOfEncoding,
  },
};

/** Brings the records of a JSON file into an iModel, an element for each record. */
export class JsonConnector extends tables.TableConnector<JsonOptions> {
  protected override readonly format = jsonFormat;

  protected override async openTables(document: tables.TableDocument<JsonOptions>): Promise<tables.TableReader> {
    const { errors, options, onProgress, path } = document;
    const file = await tables.openText(errors, options.encoding);
    const hasLines = options.lines ?? /\.(?:jsonl|ndjson)$/i.test(path);
    let onOther = options.records === undefined ? (keys: string) => this._leaveOut(keys) : undefined;
    const records = () => readRecords(file, { hasLines, path: options.records, onProgress, onOther });
    const reader = await tables.openRecords({ errors, name: options.className, records });
    onOther = undefined; // the file is read again for each table
    if (reader.tables.length > 0) return reader;
    throw errors.make(
      "no-records",
      `There is no list of records${options.records ? ` at "${options.records}"` : ""}.`,
      {
        source: {},
        advice: 'A record is an object in a list, or on a line of its own with the option "lines".',
      },
    );
  }

  private _leaveOut(keys: string): void {
    this.reportNotImported({
      what: "value outside of records",
      reason: "only objects in lists are records",
      example: keys || "the list",
    });
  }
}
