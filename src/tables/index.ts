/**
 * The base of connectors for tables. Extend {@link TableConnector} and open the tables of a format; see
 * docs/stream-connectors.md.
 *
 * - The contract: {@link TableConnector}, {@link TableFormat}, {@link TableReader}, {@link SourceErrors}.
 * - Text files: {@link openText}, {@link readText}, {@link findDelimiter}, {@link countLineBreaks}, {@link findLineOfByte}.
 * - Dialects of texts: {@link TextDialect}, {@link faultOfDialect}.
 * - Records without a header: {@link openRecords}.
 * - Values: {@link exactNumber}, {@link parseExactJson}, {@link TextNotation}, {@link faultOfDateForm}.
 * - SQLite files: {@link openSqlite}, {@link checkSqliteIsSettled}.
 * - Options: {@link OptionCheck} and the functions `faultOf...`.
 *
 * @packageDocumentation
 */
export { TableConnector, type TableDocument } from "./TableConnector.js";
export type { CellContent } from "./cells/CellContent.js";
export type { ColumnType } from "./cells/columnTypes.js";
export { faultOfDateForm } from "./cells/DateForm.js";
export { exactNumber, parseExactJson } from "./cells/exactNumber.js";
export type { TextNotation } from "./cells/TextNotation.js";
export { metresPerUnit, type LengthUnit } from "./format/lengthUnits.js";
export {
  faultOfEncoding,
  faultOfFlag,
  faultOfName,
  faultOfText,
  faultOfTextList,
  type OptionCheck,
} from "./format/optionFaults.js";
export { SourceErrors } from "./format/SourceErrors.js";
export type { CoordinateNames, TableFormat, TableOptions } from "./format/TableOptions.js";
export type { KnownFindings, RowShape, Table, TableReader, TableRow } from "./format/TableReader.js";
export { faultOfDialect } from "./mapping/dialectForm.js";
export type {
  Mapping,
  ParentMapping,
  PropertyMappingEntry,
  RelationshipMapping,
  TableMapping,
} from "./mapping/Mapping.js";
export type { ColumnCondition, ConditionValue, RowConditions } from "./format/RowConditions.js";
export { openRecords, type RecordDocument, type SourceRecord } from "./records/openRecords.js";
export { checkSqliteIsSettled, openSqlite } from "./sqlite/openSqlite.js";
export { findDelimiter } from "./text/delimiter.js";
export { countLineBreaks } from "./text/lineCounter.js";
export type { TextDialect } from "./text/TextDialect.js";
export { findLineOfByte, openText, readText, type OnProgress, type TextFile } from "./text/TextFile.js";
