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
  "$schema", "commentChar", "csv", "delimiter", "doubleQuote", "escapeChar", "header", "headerRows", "lineTerminator", "name",
  "quoteChar", "skipInitialSpace", "title", "description",
]; // prettier-ignore

/** What stands for each part of a form in the notation of Python, which Frictionless has. */
const dateParts: Readonly<Record<string, string>> = { Y: "yyyy", m: "MM", d: "dd", H: "HH", M: "mm", S: "ss" };

/** Reads a Frictionless resource: its `dialect` and its `schema`; or a schema itself. */
export function readFrictionless(resource: Members): FileDialect {
  const given = objectIn(resource.dialect);
  const dialect = { ...given, ...objectIn(given.csv) };
  const schema = "fields" in resource ? resource : objectIn(resource.schema);
  const fields = objectsIn(schema.fields);
  const formats = fields.flatMap(({ type, format }) => (String(type).startsWith("date") ? textsIn(format) : []));
  const ownForms = formats.filter((format) => format !== "default" && format !== "any");
  const marks = [schema, ...fields].flatMap(({ missingValues }) => textsIn(missingValues));
  return {
    dialect: defined({
      ...readDialect(dialect),
      decimal: onlyOne(fields.map(({ decimalChar }) => decimalChar)) as "." | "," | undefined,
      thousands: onlyOne(fields.map(({ groupChar }) => groupChar)),
      dates: uniqueOrNone(ownForms.flatMap((format) => formOf(format) ?? [])),
      nullMarks: uniqueOrNone(marks),
    }),
    encoding: textsIn(resource.encoding)[0],
    names: uniqueOrNone(fields.flatMap(({ name }) => textsIn(name))),
    key: uniqueOrNone(textsIn(schema.primaryKey)),
    ignored: [
      ...Object.keys(membersOf(dialect, (name) => !knownInDialect.includes(name))).map((name) => `dialect/${name}`),
      ...ownForms.filter((format) => formOf(format) === undefined).map((format) => `format ${format}`),
    ],
  };
}

function readDialect(dialect: Members) {
  const { delimiter, quoteChar, escapeChar, commentChar, skipInitialSpace } = dialect;
  return {
    delimiter: textsIn(delimiter)[0],
    quote: quoteChar === null ? (false as const) : textsIn(quoteChar)[0],
    escape: textsIn(escapeChar)[0],
    comment: textsIn(commentChar)[0],
    ...readHeader(dialect),
    trim: skipInitialSpace === true ? true : undefined,
  };
}

function readHeader({ header, headerRows }: Members): { header?: number; headerRows?: number } {
  if (header === false) return { header: 0 };
  if (!Array.isArray(headerRows) || headerRows.length === 0) return {};
  return { header: Number(headerRows[0]), ...(headerRows.length > 1 && { headerRows: headerRows.length }) };
}

/** A form such as `%d.%m.%Y`; undefined where it has parts that are not understood. */
function formOf(format: string): string | undefined {
  const form = format.replace(/%([YmdHMS])/g, (_, part: string) => dateParts[part] ?? "");
  return form.includes("%") ? undefined : form;
}
