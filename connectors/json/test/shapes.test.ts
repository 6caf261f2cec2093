import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TableTimeline } from "../../../test/support/TableTimeline.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

interface Case {
  content: string;
  args?: object;
  file?: string;
  /** The rows, as far as columns are asked for. */
  rows: Record<string, unknown>[];
  columns?: string;
  issues?: RegExp[];
}

const two = [
  { userLabel: "1", name: "a" },
  { userLabel: "2", name: "b" },
];
const ids = two.map(({ userLabel }) => ({ userLabel }));
const keyed = [
  { userLabel: "P-1", name: "a" },
  { userLabel: "P-2", name: "b" },
];

const read: Record<string, Case> = {
  "objects by their keys": { content: '{"P-1":{"name":"a","v":1},"P-2":{"name":"b"}}', rows: keyed },
  "objects by their keys, with an id of their own": {
    content: '{"P-1":{"id":7,"name":"a"},"P-2":{"id":8,"name":"b"}}',
    rows: keyed,
  },
  "objects by their keys, where the options say so": {
    content: '{"plant":{"P-1":{"name":"a"},"P-2":{"name":"b","tag":1}}}',
    args: { shape: "keyed", records: "plant", keyColumn: "tagName" },
    rows: keyed,
  },
  "a list for each column": { content: '{"id":[1,2],"name":["a","b"]}', rows: two },
  "a list for each column, with nulls": { content: '{"name":["a",null],\n"id":[1,2]}', rows: [two[0]!, { userLabel: "2" }] }, // prettier-ignore
  "a list for each column, where the options say so": {
    content: '{"data":{"id":[1,2],"name":["a","b"],"tags":[[1],{"x":1}]}}',
    args: { shape: "columns", records: "data" },
    rows: two,
  },
  "one object": { content: '{"id":1,"name":"a"}', rows: [two[0]!] },
  "one object with a list of values": { content: '{"ID":1,"name":"a","tags":["x"],"at":{"x":1}}', rows: [two[0]!] },
  "one object, where the options say so": {
    content: '{"name":"a","tags":[]}',
    args: { shape: "single", idColumn: "name" },
    columns: "UserLabel",
    rows: [{ userLabel: "a" }],
  },
  "lines without being told": { content: '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n', rows: two },
  "lines of objects that hold lists of objects": {
    content: '{"id":1,"name":"a","parts":[{"n":1}]}\n{"id":2,"name":"b","parts":[]}',
    rows: two,
  },
  "lines with blank ones between": { content: '{"id":1,"name":"a"}\n\n{"id":2,"name":"b"}\n\n', rows: two, file: "parts.jsonl" }, // prettier-ignore
  "a sequence with record separators": { content: '\x1e{"id":1,"name":"a"}\n\x1e{"id":2,"name":"b"}\n', rows: two },
  "lists under a list of names": { content: '[["id","name"],[1,"a"],[2,"b"]]', rows: two },
  "lists under a list of names, on lines": { content: '["id","name"]\n[1,"a"]\n[2,"b"]', rows: two, file: "parts.jsonl" },
  "lists under a list of names, without the name for it": { content: '["id","name"]\n[1,"a"]\n[2,"b"]', rows: two },
  "lists at a path": {
    content: '{"meta":1,"rows":[["id","name"],[1,"a"],[2,"b"]]}',
    args: { shape: "arrays", records: "rows" },
    rows: two,
  },
  "a frame of pandas, split": {
    content: '{"columns":["id","name"],"index":[0,1],"data":[[1,"a"],[2,"b"]]}',
    columns: "UserLabel, name, [index] i",
    rows: [{ userLabel: "1", name: "a", i: 0 }, { userLabel: "2", name: "b", i: 1 }],
  },
  "a frame of pandas, split, with labels of its rows": { content: '{"columns":["name","v"],"index":["P-1","P-2"],"data":[["a",1],["b",2]]}', rows: keyed },
  "a frame of pandas, split, with the rows first": { content: '{"data":[["a",1],["b",[2]]],"columns":["name","v"],"index":["P-1","P-2"]}', rows: keyed },
  "a frame of pandas, split, with an id beside the labels": { content: '{"columns":["name","id"],"index":["x","y"],"data":[["a",1],["b",2]]}', rows: two },
  "a frame of pandas, split, without labels": { content: '{"columns":["name","id"],"data":[["a",1],["b",2]]}', rows: two },
  "a frame of pandas, split, where the options say so": { content: '{"frame":{"columns":["name","id"],"data":[["a",1],["b",2]]}}', args: { shape: "split", records: "frame" }, rows: two },
  "a frame of pandas, tight": { content: '{"index":["P-1","P-2"],"columns":["name"],"data":[["a"],["b"]],"index_names":["tag"],"column_names":[null]}', rows: keyed },
  "a frame of pandas as a table with its schema": {
    content: '{"schema":{"fields":[{"name":"tag","type":"string"},{"name":"name","type":"string"}],"primaryKey":["tag"],"pandas_version":"1.4.0"},"data":[{"tag":"P-1","name":"a"},{"tag":"P-2","name":"b"}]}',
    rows: keyed,
  },
  "a frame of pandas as a table, with an index that counts its rows": {
    content: '{"schema":{"fields":[{"name":"index"},{"name":"id"},{"name":"name"}],"primaryKey":["index"]},"data":[{"index":0,"id":1,"name":"a"},{"index":1,"id":2,"name":"b"}]}',
    rows: two,
  },
  "null among records": {
    content: '[{"id":1},null,\nnull,{"id":2}]',
    columns: "UserLabel",
    rows: ids,
    issues: [/^json\/null-record: .*2 in all.*line 1/],
  },
  "NaN and Infinity": {
    content: '[{"id":1,"name":"a","v":NaN},\n{"id":2,"name":"b","v":1.5,"w":[-Infinity,"NaN"]}]',
    columns: "UserLabel, v, w",
    rows: [{ userLabel: "1" }, { userLabel: "2", v: 1.5, w: '[null,"NaN"]' }],
    issues: [/^json\/not-a-number: .*2 places.*line 1/],
  },
  "NaN beside records": {
    content: '{"scale":NaN,"parts":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}',
    args: { records: "parts" },
    rows: two,
    issues: [/not-a-number/],
  },
  "large numbers, also within lists and objects": {
    content: '[{"id":9007199254740993,"l":[12345678901234567890,0.1,1.0]},{"id":9007199254740992,"l":{"n":[9007199254740993]}}]',
    columns: "UserLabel, l",
    rows: [{ userLabel: "9007199254740992" }, { userLabel: "9007199254740993", l: '["12345678901234567890",0.1,1]' }],
  },
  "keys with points beside objects": {
    content: '[{"id":1,"a.b":1,"a":{"c":2}},{"id":2,"a":{"b":3}}]',
    columns: "UserLabel, a__x002E__b b",
    rows: [{ userLabel: "1", b: 1 }, { userLabel: "2", b: 3 }],
  },
  "UTF-16 and a byte order mark": { content: '\ufeff[{"id":1,"name":"a"},{"id":2,"name":"b"}]', rows: two },
  "zero as an identifier": { content: '[{"id":0},{"id":1,"n":null}]', columns: "UserLabel", rows: [{ userLabel: "0" }, { userLabel: "1" }] },
}; // prettier-ignore

interface Refused {
  content: string;
  args?: object;
  code: string;
  says: string;
  line?: number;
}

const refused: Record<string, Refused> = {
  "objects by keys that have nothing in common": {
    content: '{"address":{"street":"x"},"position":{"x":1}}',
    code: "json/no-records",
    says: "",
  },
  "one object by its key": { content: '{"P-1":{"id":1}}', code: "json/no-records", says: "" },
  "one object without identifier": { content: '{"error":"quota"}', code: "json/no-records", says: "" },
  "one object with an empty list, which may be that of the records": {
    content: '{"id":1,"pumps":[]}',
    code: "json/no-records",
    says: "",
  },
  "lists of different lengths": { content: '{"id":[1,2],"name":["a"]}', code: "json/no-records", says: "" },
  "lists without names": { content: "[[1,2],[3,4]]", code: "json/no-records", says: "" },
  "a row that is longer than the names": { content: '[["id","n"],[1,2],\n[1,2,3]]', code: "json/ragged-row", says: "3 items", line: 2 }, // prettier-ignore
  "columns of different lengths": { content: '{"id":[1,2],"n":[1]}', args: { shape: "columns" }, code: "json/ragged-columns", says: '"n"' }, // prettier-ignore
  "a frame with a row that is short": { content: '{"columns":["id","n"],"data":[[1,2],[3]]}', code: "json/ragged-row", says: '"data.1" is no list of 2 items' },
  "a frame with too few labels": { content: '{"columns":["id"],"index":["a"],"data":[[1],[2]]}', code: "json/ragged-row", says: '"index" is no list of 2 items' },
  "a frame that is not one": { content: '{"columns":["id"],"rows":[[1],[2]]}', code: "json/no-records", says: "" },
  "names that are no texts": { content: "[[1],[2]]", args: { shape: "arrays" }, code: "json/no-header", says: "names" },
  "a member with the name of the column of keys": {
    content: '{"a":{"key":1},\n"b":{"key":2}}',
    code: "json/duplicate-key",
    says: '"key"',
    line: 1,
  },
  "a comment": { content: '[\n// c\n{"id":1}\n]', code: "json/syntax", says: "JSON has no comments", line: 2 },
  "single quotes": { content: "[\n{'id':1}]", code: "json/syntax", says: "double quotes", line: 2 },
  "keys without quotes": { content: "[{id:1}]", code: "json/syntax", says: "double quotes", line: 1 },
  "NaN, if it is strict": { content: '[{"id":1},\n{"id":NaN}]', args: { strict: true }, code: "json/syntax", says: "NaN", line: 2 }, // prettier-ignore
  "null among records, if it is strict": { content: '[{"id":1},\nnull]', args: { strict: true }, code: "json/mixed-list", says: "null", line: 2 }, // prettier-ignore
  "a shape that is none": { content: "[]", args: { shape: "table" }, code: "json/options", says: "shape" },
  "lines with another shape": { content: "[]", args: { shape: "keyed", lines: true }, code: "json/options", says: "together" },
}; // prettier-ignore

describe("The shape of JSON", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connectorModule, "parts.json")));

  for (const [title, { content, args, file, rows, columns = "UserLabel, name", issues = [] }] of Object.entries(read))
    it(`is understood: ${title}`, async () => {
      timeline.args = args;
      if (file !== undefined) timeline.file = file;
      const bytes = content.startsWith("\ufeff") ? Buffer.from(content, "utf16le") : content;
      const result = await timeline.sync(bytes);
      expect(timeline.query(`SELECT ${columns} FROM JsonParts.Parts ORDER BY UserLabel`)).to.deep.equal(rows);
      const found = result.issues.map(({ code, message }) => `${code}: ${message}`).filter((issue) => issue.startsWith("json/")); // prettier-ignore
      expect(found).to.have.length(issues.length);
      issues.forEach((issue, index) => expect(found[index]).to.match(issue));
    });

  for (const [title, { content, args, code, says, line }] of Object.entries(refused))
    it(`is refused: ${title}`, async () => {
      timeline.args = args;
      const { error } = await timeline.run(content);
      expect(error?.code, error?.message).to.equal(code);
      expect(error!.message).to.contain(says);
      if (code === "json/no-records") expect(error!.advice).to.contain('"shape"');
      if (line !== undefined) expect(error!.source).to.include({ line });
    });
});
