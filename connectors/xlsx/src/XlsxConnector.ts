import * as tables from "itwin-connector-framework/tables";
import { checkClassNames } from "./classNames.js";
import { findLeftOut } from "./leftOut.js";
import { selectSheets } from "./sheetSelection.js";
import { SheetTable } from "./SheetTable.js";
import { readWorkbook } from "./workbook.js";
import { xlsxChecks, type XlsxOptions } from "./xlsxOptions.js";

/** Workbooks, with the options that no other format has. */
export const xlsxFormat: tables.TableFormat = {
  name: "XLSX",
  code: "xlsx",
  schemaPrefix: "Xlsx",
  packageJson: new URL("../package.json", import.meta.url),
  options: xlsxChecks,
};

/** Brings the rows of a workbook's sheets into an iModel, an element for each row. */
export class XlsxConnector extends tables.TableConnector<XlsxOptions> {
  protected override readonly format = xlsxFormat;

  protected override async openTables(document: tables.TableDocument<XlsxOptions>): Promise<tables.TableReader> {
    const { errors, options, tableNames } = document;
    const workbook = await readWorkbook(document);
    const sheets = selectSheets(workbook, options, { errors, tableNames });
    const given = this.args.argsJson as { className?: string } | undefined;
    checkClassNames(sheets, given?.className, errors);
    const found = sheets.map((sheet) => new SheetTable(sheet, options, errors));
    for (const table of found) this._reportErrorValues(table, options.strict === true ? errors : undefined);
    return { tables: found, notImported: findLeftOut(workbook, found, options) };
  }

  /** A cell such as `#N/A` is empty in the iModel, which the user should know. */
  private _reportErrorValues({ errorCells, sheet }: SheetTable, strictErrors?: tables.SourceErrors): void {
    const [first] = errorCells;
    if (first === undefined) return;
    if (strictErrors !== undefined) throw errorValue(strictErrors, sheet.sheetName, first);
    const { statistics } = this.synchronizer;
    const others = errorCells.length > 1 ? ` and ${errorCells.length - 1} more` : "";
    statistics.report({
      code: "xlsx/error-value",
      message: `Sheet ${sheet.sheetName}, cell ${first}${others}: an error such as #N/A stands for no value.`,
    });
  }
}

function errorValue(errors: tables.SourceErrors, sheet: string, cell: string): Error {
  return errors.make("error-value", "The cell holds an error such as #N/A instead of a value.", {
    source: { sheet, cell },
    advice: 'Correct the cell; or have it read as empty, without the option "strict".',
  });
}
