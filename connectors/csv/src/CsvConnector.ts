import { createHash } from "node:crypto";
import type { SourceDocument } from "itwin-connector-framework";
import { needsRowNumbers } from "itwin-connector-framework/internal";
import * as tables from "itwin-connector-framework/tables";
import { csvChecks, type CsvOptions } from "./csvOptions.js";
import { CsvTable } from "./CsvTable.js";
import { DialectFile } from "./dialect/DialectFile.js";
import { findLayout, type GivenLayout } from "./dialect/findLayout.js";
import type { FileDialect } from "./dialect/members.js";

/** CSV, with the options that no other format has. */
export const csvFormat: tables.TableFormat = {
  name: "CSV",
  code: "csv",
  schemaPrefix: "Csv",
  packageJson: new URL("../package.json", import.meta.url),
  options: csvChecks,
};

/** Brings the rows of a CSV file into an iModel, an element for each row. */
export class CsvConnector extends tables.TableConnector<CsvOptions> {
  protected override readonly format = csvFormat;
  private _dialectFile?: DialectFile;

  /** The file with the dialect is part of the state. */
  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    const document = await super.getDocument(sourcePath);
    const { dialect } = (this.args.argsJson ?? {}) as Partial<CsvOptions>;
    if (typeof dialect !== "string") return document;
    this._dialectFile = new DialectFile(dialect, new tables.SourceErrors(csvFormat.code, sourcePath));
    const checksum = createHash("sha256")
      .update(`${document.checksum ?? ""} ${this._dialectFile.text}`)
      .digest("hex");
    return { ...document, checksum };
  }

  protected override async openTables(document: tables.TableDocument<CsvOptions>): Promise<tables.TableReader> {
    const { errors, options, onProgress } = document;
    const fromFile = this._dialectFile?.read();
    this._reportIgnored(fromFile);
    const file = await tables.openText(errors, options.encoding ?? fromFile?.encoding);
    const layout = await findLayout(file, givenLayout(document, fromFile));
    const table = new CsvTable({
      file,
      layout,
      name: options.className,
      isNumbered: fromFile?.key === undefined && needsRowNumbers(options, layout.names ?? []),
      key: fromFile?.key,
      isStrict: options.strict === true,
      onProgress,
      report: (key, message) => this.synchronizer.statistics.report({ code: `${csvFormat.code}/${key}`, message }),
      reportComments: (line, count) =>
        this.reportNotImported({
          what: "line",
          reason: "it is a comment",
          example: `line ${line}`,
          count,
          isLoss: false,
        }),
    });
    return { tables: [table] };
  }

  private _reportIgnored(fromFile: FileDialect | undefined): void {
    if (fromFile === undefined || fromFile.ignored.length === 0) return;
    this.synchronizer.statistics.report({
      code: `${csvFormat.code}/dialect-ignored`,
      message: `The file of the dialect says what is not understood: ${fromFile.ignored.join(", ")}.`,
    });
  }
}

/** Options come first, then the file that they name, then the mapping. */
function givenLayout(
  { options, mapping }: Pick<tables.TableDocument<CsvOptions>, "options" | "mapping">,
  fromFile: FileDialect | undefined,
): GivenLayout {
  const { delimiter, dialect } = options;
  const given = typeof dialect === "string" ? fromFile?.dialect : dialect;
  return {
    dialect: { ...mapping?.dialect, ...given, ...(delimiter !== undefined && { delimiter }) },
    namedColumns: [options.idColumn ?? [], ...namedCoordinates(options)].flat(),
    names: fromFile?.names,
  };
}

function namedCoordinates({ x, y, z, longitude, latitude, height }: CsvOptions): string[] {
  return [x, y, z, longitude, latitude, height].filter((name) => name !== undefined);
}
