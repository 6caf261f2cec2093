import { faultOfDateForm } from "itwin-connector-framework/tables";
import {
  defined,
  membersOf,
  objectIn,
  objectsIn,
  onlyOne,
  textsIn,
  uniqueOrNone,
  type FileDialect,
  type Members,
} from "./members.js";

const knownInDialect = [
  "@id", "@type", "commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount", "lineTerminators",
  "quoteChar", "skipBlankRows", "skipInitialSpace", "skipRows", "trim",
]; // prettier-ignore

/** Reads metadata of CSV on the Web: `dialect` and `tableSchema` of a table. */
export function readCsvw({ dialect: given, tableSchema, null: nullOfTable }: Members): FileDialect {
  const dialect = objectIn(given);
  const schema = objectIn(tableSchema);
  const columns = objectsIn(schema.columns);
  const formats = columns.map(({ datatype }) => objectIn(datatype).format);
  const numbers = formats.map(objectIn);
  const dates = formats.filter((format) => typeof format === "string");
  const nulls = [nullOfTable, schema.null, ...columns.map((column) => column.null)].flatMap(textsIn);
  return {
    dialect: defined({
      ...readDialect(dialect),
      decimal: onlyOne(numbers.map(({ decimalChar }) => decimalChar)) as "." | "," | undefined,
      thousands: onlyOne(numbers.map(({ groupChar }) => groupChar)),
      dates: uniqueOrNone(dates.filter((form) => faultOfDateForm(form) === undefined)),
      nullMarks: uniqueOrNone(nulls),
    }),
    encoding: textsIn(dialect.encoding)[0],
    names: uniqueOrNone(columns.map(({ name, titles }) => textsIn(titles)[0] ?? textsIn(name)[0] ?? "")),
    key: uniqueOrNone(textsIn(schema.primaryKey)),
    ignored: [
      ...Object.keys(membersOf(dialect, (name) => !knownInDialect.includes(name))).map((name) => `dialect/${name}`),
      ...dates.filter((form) => faultOfDateForm(form) !== undefined).map((form) => `format ${form}`),
    ],
  };
}

function readDialect(dialect: Members) {
  const { delimiter, quoteChar, commentPrefix, doubleQuote, trim, skipInitialSpace } = dialect;
  return {
    delimiter: textsIn(delimiter)[0],
    quote: quoteChar === null ? (false as const) : textsIn(quoteChar)[0],
    escape: doubleQuote === false ? "\\" : undefined,
    comment: commentPrefix === null ? (false as const) : textsIn(commentPrefix)[0],
    header: headerLine(dialect),
    headerRows: Number(dialect.headerRowCount) > 1 ? Number(dialect.headerRowCount) : undefined,
    trim: typeof trim === "boolean" ? trim : skipInitialSpace === true ? true : undefined,
  };
}

/** Rows are skipped before the header. A file without header begins in line 1 here. */
function headerLine({ header, headerRowCount, skipRows }: Members): number | undefined {
  if (header === false || headerRowCount === 0) return 0;
  return typeof skipRows === "number" && skipRows > 0 ? skipRows + 1 : undefined;
}
