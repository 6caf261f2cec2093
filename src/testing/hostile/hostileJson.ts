import { hostileTablesAs, sourceOf, type HostileSource, type HostileSources } from "./HostileSource.js";
import type { HostileTable } from "./HostileTable.js";

/**
 * Hostile JSON files: the hostile tables as lists of objects, and what only JSON can be: keys that come twice, depth,
 * numbers that are none.
 * @param wrap - puts a JSON list of records into the text of a file. Default: the list is the whole file
 * @public
 */
export function hostileJson(
  fileName = "hostile.json",
  wrap: (list: string) => string = (list) => list,
): HostileSources {
  const { plain, sources } = hostileTablesAs(fileName, (table) => wrap(JSON.stringify(recordsOf(table))));
  return { fileName, plain, sources: [...sources, ...lists(wrap), ...syntax(wrap)] };
}

/**
 * The rows of a table as objects. A column whose name comes twice is there once; cells without a column are left out. A
 * column `__proto__` is a property as any other, as `JSON.parse` makes it.
 * @public
 */
export function recordsOf({ header, rows }: HostileTable): Record<string, unknown>[] {
  return rows.map((cells) => Object.fromEntries(cells.flatMap((cell, index) => entryOf(header[index], cell))));
}

function entryOf(name: string | undefined, cell: unknown): [string, unknown][] {
  if (name === undefined) return [];
  return [[name, cell instanceof Date ? cell.toISOString().slice(0, 10) : cell]];
}

function lists(wrap: (list: string) => string): HostileSource[] {
  const list = (title: string, json: string, records?: number) => sourceOf(title, wrap(`[${json}]`), records);
  return [
    list("no records", "", 0),
    list("keys that come twice", '{"id":"a","name":1,"name":2,"id":"b"}', 1),
    list("an empty key", '{"id":"a","":1}', 1),
    list("keys that pollute", '{"id":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}}', 1),
    list(
      "nested keys that pollute",
      '{"id":"a","b":{"__proto__":{"polluted":true},"c":[{"__proto__":{"polluted":1}}]}}',
      1,
    ),
    list("numbers beyond double", '{"id":"a","n":1e400},{"id":"b","n":-1e400},{"id":"c","n":123456789012345678901}', 3),
    list("identifiers that are no texts", '{"id":1},{"id":"1"},{"id":true},{"id":null},{"id":{}},{"id":[]}'),
    list("identifiers beyond double", '{"id":9007199254740992},{"id":9007199254740993}'),
    list("records that are none", 'null,1,"a",true,[],[[]],{"id":"a"}'),
    list("records without anything", "{},{}"),
    list("values of all types", '{"id":"a","v":1},{"id":"b","v":"1"},{"id":"c","v":{"v":1}},{"id":"d","v":[1]}', 4),
    list("values 1,000 deep", `{"id":"a","v":${"[".repeat(1000)}${"]".repeat(1000)}}`, 1),
    list("half characters, escaped", '{"id":"\\ud800","name":"\\udc00","a\\ud83d":1}'),
    list("NUL, escaped", '{"id":"a\\u0000b","a\\u0000b":"a\\u0000b"}'),
  ];
}

function syntax(wrap: (list: string) => string): HostileSource[] {
  const text = wrap('[{"id":"a","name":"one"},{"id":"b","name":"two"}]');
  return [
    sourceOf("nothing", "", 0),
    sourceOf("white space alone", " \n\t", 0),
    sourceOf("a scalar", "42"),
    sourceOf("null", "null"),
    sourceOf("a file that is cut off", text.slice(0, -15)),
    sourceOf("something after the end", `${text}]`),
    sourceOf("words that are no JSON", wrap('[{"id":"a","n":NaN,"m":undefined}]')),
    sourceOf("a comma too many", wrap('[{"id":"a",},]')),
    sourceOf("a comment", `// a list\n${text}`),
    sourceOf("a byte order mark", `\ufeff${text}`),
    sourceOf("UTF-16", Buffer.from(`\ufeff${text}`, "utf16le")),
    sourceOf(
      "mixed encodings",
      Buffer.concat([Buffer.from(wrap('[{"id":"\u00fc"}]')), Buffer.from("\u00fc", "latin1")]),
    ),
    sourceOf("NUL bytes", Buffer.concat([Buffer.from(text), Buffer.alloc(4096)])),
    sourceOf("arrays 100,000 deep", "[".repeat(100_000)),
  ];
}
