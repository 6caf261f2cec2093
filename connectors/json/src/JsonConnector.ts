import { shorten } from "itwin-connector-framework/internal";
import * as tables from "itwin-connector-framework/tables";
import { findLayout, type GivenLayout } from "./findLayout.js";
import { JsonFile } from "./JsonFile.js";
import { shapes } from "./shapes.js";

/** The options of the connector; README.md tells what they are for. */
export type JsonOptions = tables.TableOptions &
  GivenLayout & { encoding?: string; keyColumn?: string; idByRow?: boolean };

/** JSON, with the options that no other format has. */
export const jsonFormat: tables.TableFormat = {
  name: "JSON",
  code: "json",
  schemaPrefix: "Json",
  packageJson: new URL("../package.json", import.meta.url),
  options: {
    records: tables.faultOfText,
    lines: tables.faultOfFlag,
    shape: (value) => ((shapes as readonly unknown[]).includes(value) ? undefined : `is none of ${shapes.join(", ")}`),
    keyColumn: tables.faultOfText,
    idByRow: tables.faultOfFlag,
    encoding: tables.faultOfEncoding,
  },
};

const advice = "Correct the file, or export it again.";

/** Brings the records of a JSON file into an iModel, an element for each record. */
export class JsonConnector extends tables.TableConnector<JsonOptions> {
  protected override readonly format = jsonFormat;

  protected override async openTables(document: tables.TableDocument<JsonOptions>): Promise<tables.TableReader> {
    const { errors, options, known, onProgress } = document;
    checkOptions(options, errors);
    const text = await tables.openText(errors, options.encoding);
    const context = { advice, noRecords: (member?: string) => noRecords(errors, options.records, member) };
    const layout = await findLayout(text, options, context);
    const file = new JsonFile(text, layout, {
      advice,
      keyColumn: options.keyColumn,
      isStrict: options.strict === true,
      onProgress,
      report: (key, message) => this.synchronizer.statistics.report({ code: `json/${key}`, message }),
      reportLeftOut: (path, count) => this._leaveOut(path, count),
    });
    const reader = await tables.openRecords({
      errors,
      name: options.className,
      readAs: layout.readAs,
      idColumn: options.idColumn === undefined ? file.idColumn : undefined,
      idByRow: options.idByRow === true && options.idColumn === undefined,
      known,
      records: (table) => file.read(table),
    });
    if (reader.tables.length > 0) return reader;
    throw noRecords(errors, options.records);
  }

  private _leaveOut(path: string, count: number): void {
    this.reportNotImported({
      what: "value outside of records",
      reason: "only objects in lists are records",
      example: path === "" ? "the list" : shorten(path),
      count,
    });
  }
}

function checkOptions({ shape, lines, records }: JsonOptions, errors: tables.SourceErrors): void {
  const fault = faultOfOptions(shape, lines, records);
  if (fault === undefined) return;
  throw errors.make("options", `The options ${fault} do not go together.`, { advice: "Leave out one of them." });
}

function faultOfOptions(shape: JsonOptions["shape"], lines?: boolean, records?: string): string | undefined {
  if (lines === true && !["lines", "arrays", undefined].includes(shape)) return '"lines" and "shape"';
  if (lines === true && shape === "arrays" && records !== undefined) return '"lines" and "records"';
  return undefined;
}

/** @param member - the first value of the one object that the file is */
function noRecords(errors: tables.SourceErrors, path: string | undefined, member?: string): Error {
  const example = member === undefined ? "" : JSON.stringify(shorten(member));
  const single =
    member === undefined
      ? ""
      : ` If the file is one record, say what identifies it, such as "idColumn": ${example}, or give "idByRow": true.`;
  return errors.make("no-records", `There is no list of records${path === undefined ? "" : ` at "${path}"`}.`, {
    source: {},
    advice: `A record is an object in a list. If the records stand in another way, name it with the option "shape": ${shapes.join(", ")}.${single}`,
  });
}
