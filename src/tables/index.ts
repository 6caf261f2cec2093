/**
 * What connectors for tables have in common: extend {@link TableConnector} and read the tables of a format.
 *
 * @packageDocumentation
 */
export { SourceErrors } from "./format/SourceErrors.js";
export { TableConnector, type TableDocument } from "./TableConnector.js";
export {
  classNameOf,
  isFlag,
  isName,
  isText,
  isTextList,
  type CoordinateNames,
  type OptionCheck,
  type TableFormat,
  type TableOptions,
} from "./format/TableOptions.js";
export type { CellContent, RowShape, Table, TableReader, TableRow } from "./format/TableReader.js";
export { explainFault, RecordFault } from "./records/RecordFault.js";
export { checkDepth, checkKeys, RecordPath } from "./records/RecordPath.js";
export { checkSqliteIsSettled, openSqlite } from "./sqlite/openSqlite.js";
export { openRecords, type RecordDocument, type SourceRecord } from "./records/openRecords.js";
export type { ColumnType } from "./cells/columnTypes.js";
export type {
  Mapping,
  ParentMapping,
  PropertyMappingEntry,
  RelationshipMapping,
  TableMapping,
} from "./mapping/Mapping.js";
export { metresPerUnit, type LengthUnit } from "./survey/coordinates.js";
export { exactNumber } from "./text/exactNumber.js";
export { LineFinder } from "./text/LineFinder.js";
export { namePropertyFor } from "./classes/propertyNames.js";
export { countLineBreaks } from "./text/lineCounter.js";
export { findDelimiter } from "./text/delimiter.js";
export { findLineOfByte, isEncoding, openText, readText, type OnProgress, type TextFile } from "./text/TextFile.js";
