import type { SourceDocument } from "itwin-connector-framework";
import * as tables from "itwin-connector-framework/tables";

/** The options of the connector; README.md tells what they are for. */
export type SqliteOptions = tables.TableOptions & { tables?: readonly string[]; idByRow?: boolean };

/** SQLite, with the options that no other format has. */
export const sqliteFormat: tables.TableFormat = {
  name: "SQLite",
  code: "sqlite",
  schemaPrefix: "Sqlite",
  packageJson: new URL("../package.json", import.meta.url),
  options: { tables: tables.faultOfTextList, idByRow: tables.faultOfFlag },
};

/** Brings the rows of the tables and views of a SQLite file into an iModel, an element for each row. */
export class SqliteConnector extends tables.TableConnector<SqliteOptions> {
  protected override readonly format = sqliteFormat;

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    await tables.checkSqliteIsSettled(new tables.SourceErrors(sqliteFormat.code, sourcePath));
    return super.getDocument(sourcePath);
  }

  protected override async openTables(document: tables.TableDocument<SqliteOptions>): Promise<tables.TableReader> {
    const { errors, options, tableNames } = document;
    const { idByRow = false, idColumn } = options;
    return tables.openSqlite(errors, options.tables, tableNames, { idByRow, idColumn });
  }
}
