import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TableTimeline } from "../../../test/support/TableTimeline.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

interface BadInput {
  content: string | Uint8Array;
  args?: object;
  code: string;
  message: string;
  source?: object;
}

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
const columns = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`c${index}`, index]));

const badInputs: Record<string, BadInput> = {
  "an empty file": { content: "", code: "json/no-records", message: "no list of records" },
  "no list": { content: '{"a": 1}', code: "json/no-records", message: "no list of records" },
  "a list of numbers": { content: "[1, 2]", code: "json/no-records", message: "no list of records" },
  "no list at the path": {
    content: '{"a": [{"id": 1}]}',
    args: { records: "b" },
    code: "json/no-records",
    message: 'no list of records at "b"',
  },
  "a condition on a column that no record has": {
    content: '[{"id": 1, "state": "new"}]',
    args: { where: { status: "new" } },
    code: "json/unknown-column",
    message: 'There is no column "status", which the option "where" names.',
  },
  "text that is not JSON": {
    content: '[\n{"id": 1},\n{"id": }]',
    code: "json/syntax",
    message: "The text cannot be read: Unexpected",
    source: { line: 3 },
  },
  "brackets that do not match": {
    content: '[{"id": 1},\n\n{"id": [1}]',
    code: "json/syntax",
    message: "Unexpected }",
    source: { line: 3 },
  },
  "a quote that is never closed": {
    content: '[{"id": 1},\n{\n"id": "x}, {"id": 3}]',
    code: "json/syntax",
    message: "Unexpected id",
    source: { line: 3 },
  },
  "a file that is cut off in a record of several lines": {
    content: '[{"id": 1},\n{"id": 2,\n"a": {',
    code: "json/syntax",
    message: "in the middle of a record",
    source: { line: 3 },
  },
  "a missing comma": { content: '[{"id": 1}\n{"id": 2}]', code: "json/syntax", message: "", source: { line: 2 } },
  "a file that is cut off": { content: '[\n{"id": 1},\n{"id"', code: "json/syntax", message: "", source: { line: 3 } },
  "a line that is cut off": {
    content: '{"id": 1}\n{"id": 2',
    args: { lines: true },
    code: "json/syntax",
    message: "",
    source: { line: 2 },
  },
  "text after the end": { content: '[{"id": 1}]\n]', code: "json/syntax", message: "", source: { line: 2 } },
  "records among other values": {
    content: '[{"id": 1},\n2]',
    code: "json/mixed-list",
    message: "both records and other values",
    source: { line: 2 },
  },
  "a key twice": {
    content: '[{"id": 1},\n{"id": 2, "a": 1, "a": 2}]',
    code: "json/duplicate-key",
    message: "A key comes twice in one object.",
    source: { line: 2 },
  },
  "__proto__ twice": {
    content: '[{"id": 1, "__proto__": 1, "__proto__": 2}]',
    code: "json/duplicate-key",
    message: "",
  },
  "a path twice": {
    content: '[{"id": 1},\n{"id": 2, "a": {"b": 1}, "a.b": 2}]',
    code: "json/duplicate-key",
    message: '"a.b" comes twice in the record.',
    source: { record: 2, line: 2, cell: "a.b" },
  },
  "an empty key": {
    content: '[{"id": 1, "": 2}]',
    code: "json/unnamed-column",
    message: "Column 2 has no name.",
  },
  "records without anything": { content: "[{}, {}]", code: "json/no-columns", message: "no column" },
  "no identifiers": { content: '[{"tag": 1}]', code: "json/no-id-column", message: "No column is named id" },
  "a record without its identifier": {
    content: '{"pumps": [{"id": 1},\n{"id": null, "a": 1}]}',
    code: "json/empty-id",
    message: "The row has no identifier.",
    source: { table: "pumps", record: 2, line: 2, cell: "id" },
  },
  "an identifier twice": {
    content: '[{"id": 1}, {"id": "1"}]',
    code: "json/duplicate-id",
    message: 'The identifier "1" of record 2 is that of record 1 too.',
    source: { record: 2, line: 1, cell: "id" },
  },
  "two lists that make one class": {
    content: '{"a b": [{"id": 1}], "a_b": [{"id": 1}]}',
    code: "json/same-class",
    message: "a b, a_b both make a class AB",
  },
  "lists without end": { content: nested("[", "]", 5000), code: "json/too-deep", message: "more than 100 deep" },
  "objects without end": {
    content: `[${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}]`,
    code: "json/too-deep",
    message: "more than 100 deep",
  },
  "very many columns": {
    content: JSON.stringify([{ id: 1, ...columns }]),
    code: "json/too-many-columns",
    message: "3001",
  },
  "a NUL character": {
    content: '[{"id": 1, "a": "x\\u0000y"}]',
    code: "json/nul-character",
    message: "NUL character",
    source: { record: 1, line: 1, cell: "a" },
  },
  "a raw NUL": { content: '[{"id": 1, "a": "\0"}]', code: "json/encoding", message: "NUL", source: { line: 1 } },
  "mixed encodings": {
    content: Buffer.concat([Buffer.from('[{"id": "é"},\n{"id": "'), Buffer.from([0xe9]), Buffer.from('"}]')]),
    code: "json/encoding",
    message: "The line is not utf-8 text.",
    source: { line: 2 },
  },
  "a coordinate that is no number": {
    content: '[{"id": 1, "x": "east", "y": 2}]',
    code: "json/not-a-number",
    message: '"east" is not a number.',
    source: { record: 1, line: 1, cell: "x" },
  },
  "an unknown option": { content: "[]", args: { line: true }, code: "json/options", message: 'no option "line"' },
  "a wrong option": { content: "[]", args: { lines: "yes" }, code: "json/options", message: "neither true nor false" },
};

describe("bad JSON", () => {
  let timeline: TableTimeline;
  let contentBefore: string;
  before(async () => {
    timeline = new TableTimeline(connectorModule, "parts.json");
    await timeline.sync('[{"id": 1, "name": "a", "x": 1, "y": 2}]');
    contentBefore = timeline.content;
  });

  for (const [title, { content, args, code, message, source }] of Object.entries(badInputs))
    it(`is refused: ${title}`, async () => {
      timeline.args = args;
      const { error } = await timeline.run(content);
      expect(error?.code, error?.message).to.equal(code);
      expect(error!.message).to.include(message);
      expect(error!.message).to.have.length.below(300);
      expect(error!.advice).to.be.a("string");
      if (source !== undefined) expect(error!.source).to.deep.equal({ file: timeline.path, ...source });
      expect(timeline.content, "the iModel").to.equal(contentBefore);
    });
});
