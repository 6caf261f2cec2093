import { tableOf, type HostileCell, type HostileTable } from "./HostileTable.js";

/** Names that plain objects inherit, or that change what others inherit. */
const objectKeys = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "toJSON"];

/** Names that elements have already, in iModels or in JavaScript. */
const elementKeys = ["Model", "Category", "CodeValue", "UserLabel", "ECInstanceId", "ECClassId", "classFullName"];
const elementMembers = [
  "placement",
  "geom",
  "parent",
  "federationGuid",
  "jsonProperties",
  "iModel",
  "isInstanceOfEntity",
];

const pile = "\u{1f4a9}";
const long = "long name ".repeat(1000);

/** As many columns as a sheet has. */
const mostColumns = Array.from({ length: 16_384 }, (_, index) => (index === 0 ? "id" : `c${index}`));

/** A table with nothing hostile about it. */
export const plainTable: HostileTable = tableOf("nothing", ["id", "name"], ["plain-1", "one"], ["plain-2", "two"]);

/**
 * Hostile tables: identifiers, headers and values that connectors trip over.
 * @public
 */
export function hostileTables(): HostileTable[] {
  return [...identifiers(), ...headers(), ...values(), ...shapes()];
}

function identifiers(): HostileTable[] {
  const ids = (title: string, ...all: HostileCell[]) =>
    tableOf(title, ["id", "name"], ...all.map((id, index) => [id, `row ${index}`]));
  return [
    ids("duplicate identifiers", "a", "b", "a"),
    ids("an empty identifier", "a", "", "b"),
    ids("an identifier of null", "a", null),
    ids("an identifier of white space", "a", " \t "),
    ids("identifiers that differ in little", "a", "A", "a ", " a", "\u00e9", "e\u0301", "1", "01", "1.0"),
    ids("identifiers of objects", ...objectKeys),
    ids("identifiers of emoji", pile, "\u{1f469}\u200d\u{1f680}", "\u{1f1e6}\u{1f1f9}"),
    ids("an identifier of 10,000 characters", "x".repeat(10_000), `${"x".repeat(9_999)}y`),
    ids("identifiers of SQL", "'; DROP TABLE bis_Element; --", '" OR 1=1', "%", "?"),
    ids("an identifier with a NUL", "a\0b", "a"),
    ids("identifiers that are paths", "../../etc/passwd", "C:\\", "/"),
    ids("identifiers that are numbers beyond double", "9007199254740992", "9007199254740993", "1e309", "NaN"),
  ];
}

function headers(): HostileTable[] {
  const columns = (title: string, ...names: string[]) =>
    tableOf(
      title,
      ["id", ...names],
      ["a", ...names.map((_, index) => `value ${index}`)],
      ["b", ...names.map(() => null)],
    );
  return [
    columns("emoji headers", pile, `${pile}${pile}`, "\u{1f469}\u200d\u{1f680}", "\u202eevil", "\u200b"),
    columns("a header of 10,000 characters", long),
    columns("headers that differ after 10,000 characters", `${long}a`, `${long}b`),
    columns("an empty header", "name", ""),
    columns("headers of white space", " ", "\t"),
    columns("the same header twice", "name", "name"),
    columns("headers that differ in case", "name", "Name", "NAME"),
    columns("headers that become one name", "a b", "a__x0020__b", "a_b", "a-b"),
    columns("headers of objects", ...objectKeys),
    columns("headers of elements", ...elementKeys),
    columns("headers of members of elements", ...elementMembers),
    columns("headers of XML", "<a>", "]]>", "&amp;", '"quoted"', "a'b", "<!--"),
    columns("headers of control characters", "a\u0001b", "a\u000bb", "\ufffe", "\uffff"),
    columns("a header with line breaks", "a\nb", "a\r\nb"),
    columns("a header with a NUL", "a\0b"),
    columns("a header of half a character", "a\ud83d"),
    columns("headers of numbers", "1", "2.5", "-"),
    columns("headers of SQL", "'; DROP TABLE bis_Element; --", "[a]", "SELECT", "FROM"),
    tableOf("no identifier", ["name", "size"], ["a", 1]),
    tableOf(
      "16,384 columns",
      mostColumns,
      mostColumns.map((name) => name),
    ),
  ];
}

function values(): HostileTable[] {
  const cells = (title: string, ...all: HostileCell[]) =>
    tableOf(title, ["id", "value"], ...all.map((cell, index) => [`r${index}`, cell]));
  return [
    cells("formulas", "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1:A2)", '=HYPERLINK("http://localhost")'),
    cells(
      "numbers beyond double as text",
      "1e309",
      "-1e309",
      "1e-400",
      "123456789012345678901234567890",
      "0.1234567890123456789",
    ),
    cells("numbers at the end of double", Number.MAX_VALUE, Number.MIN_VALUE, -0, 2 ** 53, 2 ** 53 + 2, 0.1 + 0.2),
    cells("words for numbers", "Infinity", "-Infinity", "NaN", "0x10", "1_000", "1,5", "\u0661\u0662"),
    cells(
      "whole numbers at the ends",
      "2147483647",
      "2147483648",
      "-2147483649",
      "9007199254740993",
      "9223372036854775808",
    ),
    cells("dates of 1900 and 9999", new Date("1900-01-01"), new Date("1900-03-01"), new Date("9999-12-31")),
    cells("days of 1900 and 9999 as text", "1900-01-01", "1900-02-28", "1899-12-30", "9999-12-31", "0001-01-01"),
    cells("days that never were", "1900-02-29", "2023-02-30", "0000-00-00", "10000-01-01", "2024-13-01"),
    cells(
      "times at the ends",
      "9999-12-31T23:59:59.999Z",
      "9999-12-31T23:59:59-14:00",
      "2016-12-31T23:59:60Z",
      "24:00",
    ),
    cells("values of objects", ...objectKeys),
    cells("JSON that pollutes", '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'),
    cells("a value of a million characters", "v".repeat(1_000_000)),
    cells("a value with a NUL", "a\0b"),
    cells("values of control characters", "\u0001", "\u001b[31m", "\u0085", "\ufffe", "\ufeff", "\u2028"),
    cells("half characters", "\ud83d", "\udca9", "a\ud800b"),
    cells("values of quotes and breaks", '"', '""', "'", "\\", "\n", "\r\n", ",", ";", "\t"),
    cells("a column of all types", "text", 1, 1.5, true, new Date("2024-02-29"), null, ""),
    cells("booleans of all sorts", "true", "FALSE", "yes", "0", true, false),
  ];
}

function shapes(): HostileTable[] {
  return [
    tableOf("no rows", ["id", "name"]),
    tableOf("no columns", [], []),
    tableOf("a row that is too short", ["id", "name", "size"], ["a", "one", 1], ["b"]),
    tableOf("a row that is too long", ["id", "name"], ["a", "one"], ["b", "two", "three", "four"]),
    tableOf("rows without anything", ["id", "name"], ["a", "one"], [null, null], ["", ""]),
    tableOf("places out of this world", ["id", "x", "y", "z"], ["a", "1e308", "-1e308", "0"]),
    tableOf("places that are none", ["id", "x", "y"], ["a", "NaN", "Infinity"], ["b", "here", "there"]),
    tableOf("places beyond the poles", ["id", "longitude", "latitude"], ["a", 181, 91]),
  ];
}
