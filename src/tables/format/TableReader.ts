import type { Id64String } from "@itwin/core-bentley";
import type { GeometryStreamProps, Placement3dProps } from "@itwin/core-common";
import type { SourceLocation } from "../../ConnectorError.js";
import type { NotImportedReport } from "../../sync/items/NotImportedReports.js";
import type { CellContent } from "../cells/CellContent.js";
import type { ColumnType } from "../cells/columnTypes.js";
import type { TextNotation } from "../cells/TextNotation.js";

/**
 * What a row looks like, in a format whose rows have shapes.
 * @public
 */
export interface RowShape {
  /** All that decides what it looks like, as plain data. */
  readonly data: readonly unknown[];
  /**
   * Its geometry; empty for a row without any. Called only for rows that are new or changed.
   * @param markerId - the GeometryPart that stands for a point
   */
  toGeometry(markerId: Id64String): { geom?: GeometryStreamProps; placement?: Placement3dProps };
}

/**
 * A row of a table.
 * @public
 */
export interface TableRow {
  /**
   * Its number in the source, counted from 1: the line in a text, the row in a sheet. Zero for a first row that the
   * source does not show: it only names the columns, as those of a database are named.
   */
  readonly number: number;
  /** The line in which it ends, where that is another one. */
  readonly lastNumber?: number;
  /** One cell for each column. */
  readonly cells: readonly CellContent[];
  /** Where it has one; columns of coordinates are data like any other then. */
  readonly shape?: RowShape;
}

/**
 * A table of a document.
 * @public
 */
export interface Table {
  /** Its name, such as that of its sheet. */
  readonly name: string;
  /** The class of its rows. Default: after the document where it has one table, else after the name of the table. */
  readonly className?: string;
  /** Whether its rows have shapes, so that no column is taken for coordinates. Default: false. */
  readonly hasShapes?: boolean;
  /** The column of the identifiers, where the table knows it. Default: the option, or one with a well-known name. */
  readonly idColumn?: string;
  /**
   * Whether cells are texts, whose types have to be found out: `12` is a number then. If not, a text is a text.
   */
  readonly isText: boolean;
  /** Whether a text that is an ISO 8601 date or time is one, in a format that has no other dates. Default: false. */
  readonly hasDatesAsText?: boolean;
  /** What the numbers of rows count. */
  readonly rowNoun: "line" | "row" | "record";
  /** The columns that together tell its rows apart, where the source says so itself: a primary key. */
  readonly key?: readonly string[];
  /** A hint for a message about the columns, where they may have been read in a wrong way. */
  readonly hint?: string;
  /**
   * How it is read, where the source leaves that open, such as `semicolon, decimal comma, header in line 4`. The result of
   * the run says it. Default: nothing is said.
   */
  readonly readAs?: string;
  /** How its texts write numbers, dates and empty cells, in a table whose cells are texts. Default: as JSON does. */
  readonly notation?: TextNotation;
  /** The types with which its columns are declared. A column is wider where its values need it. Default: only values count. */
  readonly declaredTypes?: readonly (ColumnType | undefined)[];
  /** The units of its columns, as the source writes them. Default: what stands in brackets in the names of columns. */
  readonly units?: readonly (string | undefined)[];
  /** Whether the reader invented the names of its columns, so that no column is guessed by its name. Default: false. */
  readonly hasInventedNames?: boolean;
  /**
   * The rows, as a stream of rows or, which takes less time, of lists of rows; the first row names the columns. It may be
   * asked for twice: to survey the table, and to write it.
   */
  rows(): AsyncIterable<TableRow | readonly TableRow[]> | Iterable<TableRow | readonly TableRow[]>;
  /** Where a row or a cell is, for messages. */
  locate(row: number, column?: string): SourceLocation;
}

/**
 * An open document that consists of tables. A connector for a format provides it.
 * @public
 */
export interface TableReader {
  /** The tables, in any order. */
  readonly tables: readonly Table[];
  /**
   * Whether its tables have names in the source that stay the same, after which their classes are called even where there
   * is only one. Default: false; a single table is called after the file then.
   */
  readonly hasNamedTables?: boolean;
  /**
   * What the reader has found out about the document by reading all of it, as plain data. It is asked for when all rows are
   * read, and the next run gives it back as {@link TableDocument.known}. Default: nothing.
   */
  readonly findings?: unknown;
  /** What the document holds beside these tables, and the reader leaves out: it is reported when the document is opened. */
  readonly notImported?: readonly NotImportedReport[];
  /** Closes the document. */
  close?(): void | Promise<void>;
}

/**
 * What the reader of an earlier run found out about a document.
 * @public
 */
export interface KnownFindings {
  /** The {@link TableReader.findings} of that run. */
  readonly findings: unknown;
  /** Ends the attempt, because the findings do not hold any more. The run starts again without them. */
  readonly onOutdated: () => never;
}
