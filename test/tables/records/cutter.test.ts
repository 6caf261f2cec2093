import { expect } from "chai";
import fc from "fast-check";
import { RecordCutter, type RecordPlaces } from "../../../src/tables/records/RecordCutter.js";
import { RecordFault } from "../../../src/tables/records/RecordFault.js";
import { parseRun } from "../../../src/tables/records/parseRun.js";

const inLists: RecordPlaces = { hasRoots: false, isRecord: (isList, around) => !isList && around.isInList };
const onLines: RecordPlaces = {
  hasRoots: true,
  isRecord: (isList, around) => !isList && (around.isInList || around.depth === 0),
};

/** The records of a text that comes in pieces, by the paths to their lists. */
function cut(pieces: readonly Buffer[], places: RecordPlaces): [path: string, value: unknown][] {
  const cutter = new RecordCutter(places);
  const found: [string, unknown][] = [];
  let rest = Buffer.alloc(0);
  pieces.forEach((piece, index) => {
    const block = Buffer.concat([rest, piece]);
    cutter.cut(block, index === pieces.length - 1);
    for (const run of cutter.runs)
      for (const { value } of parseRun(run, block, { parseExact: (text) => JSON.parse(text) as unknown }))
        found.push([run.path, value]);
    rest = block.subarray(cutter.rest);
  });
  return found;
}

function piecesOf(text: string, sizes: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return [bytes];
  const pieces: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    pieces.push(bytes.subarray(start, start + size));
    start += size;
  }
  return pieces;
}

/** The same records, found in what JSON.parse gives. */
function recordsIn(value: unknown, path: readonly string[] = []): [path: string, value: unknown][] {
  if (Array.isArray(value))
    return value.flatMap((item) =>
      isObject(item) ? [[path.join("."), item] as [string, unknown]] : recordsIn(item, path),
    );
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => recordsIn(inner, [...path, key])) : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function faultOf(text: string, sizes: readonly number[] = [1000], places = inLists): RecordFault | undefined {
  try {
    cut(piecesOf(text, sizes), places);
  } catch (error) {
    if (error instanceof RecordFault) return error;
    throw error;
  }
  return undefined;
}

const key = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "a.b", "é", "constructor"));
const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { record } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 4 }), tie("record")),
  record: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));
/** Lists have records or none, as a list of both is refused. */
const { document } = fc.letrec((tie) => ({
  list: fc.oneof(fc.array(record, { maxLength: 5 }), fc.array(fc.oneof(fc.integer(), tie("list")), { maxLength: 3 })),
  document: fc.oneof({ depthSize: "small" }, scalar, tie("list"), fc.dictionary(key, tie("document"), { maxKeys: 3 })),
}));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const indent = fc.constantFrom(undefined, 1, "\t", "\r\n");

describe("JSON cut into records", () => {
  it("gives the same records as JSON.parse of the whole, in pieces of any size", () =>
    fc.assert(
      fc.property(document, sizes, indent, (value, pieces, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(cut(piecesOf(text, pieces), inLists)).to.deep.equal(recordsIn(JSON.parse(text)));
      }),
      { numRuns: 300 },
    ));

  it("gives the same records as JSON.parse of each line", () =>
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), sizes, (values, pieces) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
        const parsed = values.map((value) => ["", JSON.parse(JSON.stringify(value)) as unknown]);
        expect(cut(piecesOf(text, pieces), onLines)).to.deep.equal(parsed);
      }),
      { numRuns: 100 },
    ));

  it("is refused where JSON.parse refuses the whole", () =>
    fc.assert(
      fc.property(document, fc.nat(), fc.constantFrom("", "}", "]", ",", ":", '"', "x", "1", "\u0001", "\\"), (value, place, more) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + more + text.slice(at + (more === "" ? 1 : 0));
        const isJson = canParse(damaged);
        // a list may hold records and others now, a key may come twice
        const fault = faultOf(damaged, [7]);
        if (!isJson) expect(fault, damaged).to.be.instanceOf(RecordFault);
        else if (fault !== undefined) expect(fault.key).to.be.oneOf(["mixed-list", "duplicate-key"]);
      }),
      { numRuns: 500 },
    )); // prettier-ignore

  it("is refused where there is nothing", () => expect(faultOf("")?.message).to.contain("It ends before"));

  it("names the line of a fault, in a record and around it", () => {
    const lines: [text: string, line: number, says: string][] = [
      ['[\n{"a": 1},\n{"a": tru}]', 3, "Unexpected tru"],
      ['[{"a": 1},\n{"a": 1,}]', 2, "Unexpected }"],
      ['[{"a": 1},\n{"a": "x\ny"}]', 2, "line end"],
      ['{"a": 01,\n"b": []}', 1, "Unexpected 01"],
      ['[{"a": NaN}]', 1, "JSON has no such number"],
      ["[{'a': 1}]", 1, "texts are in double quotes"],
      ["[\n// pumps\n{}]", 2, "JSON has no comments"],
      ["[{},\n{a: 1}]", 2, "keys and texts are in double quotes"],
      ['[{"a": 1}\n', 2, "It ends before"],
      ['[{"a": 1},\n{"a":\n"b', 3, "It ends in the middle of a record"],
    ];
    for (const [text, line, says] of lines)
      for (const size of [3, 1000]) {
        const fault = faultOf(text, [size]);
        expect(fault?.message, text).to.contain(says);
        if (fault?.line !== undefined) expect(fault.line, text).to.equal(line);
      }
  });

  it("is refused where it is nested too deep", () => {
    expect(faultOf(`[${'{"a":'.repeat(101)}1${"}".repeat(101)}]`)?.key).to.equal("too-deep");
    expect(faultOf("[".repeat(101))?.key).to.equal("too-deep");
    expect(faultOf(`[${'{"a":'.repeat(100)}1${"}".repeat(100)}]`)).to.equal(undefined);
  });

  it("is refused where a key comes twice, at any depth", () => {
    for (const text of ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '{"a":[[{"b":1,"b":1}]]}', '{"__proto__":1,"__proto__":2}'])
      expect(faultOf(`[{},${text},{}]`)?.key, text).to.equal("duplicate-key"); // prettier-ignore
    expect(faultOf('[{"a":":","b":"{\\"a\\":1}"}]')).to.equal(undefined);
  });
});

function canParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
