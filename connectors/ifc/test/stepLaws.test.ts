import { expect } from "chai";
import fc from "fast-check";
import { BufferSource } from "../src/step/ByteSource.js";
import { StepFile } from "../src/step/StepFile.js";
import { parseValues } from "../src/step/parseValues.js";
import { StepScanner, type ScannedInstance, type ScannerSizes } from "../src/step/StepScanner.js";
import { decodeStepText } from "../src/step/stepText.js";
import { TypeNames } from "../src/step/TypeNames.js";
import { StepEnum, StepReference, StepTyped, type StepValue } from "../src/step/StepValue.js";

/** The ways in which ISO 10303-21 writes a character (section 6.4.3), and the raw UTF-8 of many programs. */
const notations = ["plain", "X", "X2", "X4", "S", "raw"] as const;
type Notation = (typeof notations)[number];

/** A character, and how it is to be written. */
type WrittenCharacter = readonly [character: string, notation: Notation];

const character = fc.oneof(
  fc.constantFrom("'", "\\", "§", "Ü", "ä", "\u00a0", "ÿ", "€", "\n", "S", "X", "0", "\u{1f3e0}"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }),
);
const writtenText = fc.array(fc.tuple(character, fc.constantFrom(...notations)), { maxLength: 20 });

const isPlain = (code: number) => code >= 0x20 && code <= 0x7e;

/** The notation that is asked for, or the one that every character has. */
function notationFor(code: number, wanted: Notation): Notation {
  const fits: Record<Notation, boolean> = {
    plain: isPlain(code),
    X: code <= 0xff,
    X2: code <= 0xffff,
    X4: true,
    S: code > 0x80 && isPlain(code - 0x80),
    raw: code > 0x7f,
  };
  return fits[wanted] ? wanted : "X4";
}

const hex = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, "0");

/** An apostrophe and a backslash are doubled wherever they stand in a text. */
const double = (text: string) => text.replace(/['\\]/g, "$&$&");

function encode(written: readonly WrittenCharacter[]): Buffer {
  const runs: { notation: Notation; codes: number[] }[] = [];
  for (const [text, wanted] of written) {
    const code = text.codePointAt(0) ?? 0;
    const notation = notationFor(code, wanted);
    const last = runs.at(-1);
    if (last?.notation === notation) last.codes.push(code);
    else runs.push({ notation, codes: [code] });
  }
  return Buffer.from(runs.map(({ notation, codes }) => writers[notation](codes)).join(""));
}

const each = (write: (code: number) => string) => (codes: readonly number[]) => codes.map(write).join("");
const writers: Record<Notation, (codes: readonly number[]) => string> = {
  plain: each((code) => double(String.fromCharCode(code))),
  X: each((code) => `\\X\\${hex(code, 2)}`),
  X2: (codes) => `\\X2\\${codes.map((code) => hex(code, 4)).join("")}\\X0\\`,
  X4: (codes) => `\\X4\\${codes.map((code) => hex(code, 8)).join("")}\\X0\\`,
  // Neither the backslash of a page nor the character behind it is doubled.
  S: each((code) => `\\S\\${String.fromCharCode(code - 0x80)}`),
  raw: each((code) => String.fromCodePoint(code)),
};

const textOf = (written: readonly WrittenCharacter[]) => written.map(([text]) => text).join("");

/** A value, and a text that ISO 10303-21 has for it. */
interface WrittenValue {
  value: StepValue;
  text: string;
}

const blank = fc.constantFrom("", "", "", " ", "\r\n", "/* #1=IFC('; */", "\t/**/ ");
const keyword = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);

function writeReal(real: number): string {
  const [mantissa = "", exponent] = String(real).split("e");
  const point = mantissa.includes(".") ? mantissa : `${Object.is(real, -0) ? "-0" : mantissa}.`;
  return exponent === undefined ? point : `${point}E${exponent}`;
}

const { list: writtenList } = fc.letrec<{ value: WrittenValue; list: WrittenValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("$", "*").map((text) => ({ value: null, text })),
    fc.maxSafeInteger().map((value) => ({ value, text: String(value) })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ value, text: writeReal(value) })),
    fc.nat().map((id) => ({ value: new StepReference(id), text: `#${id}` })),
    keyword.map((name) => ({ value: new StepEnum(name.toUpperCase()), text: `.${name}.` })),
    fc.stringMatching(/^[0-3][0-9A-F]{0,6}$/).map((digits) => ({ value: digits, text: `"${digits}"` })),
    writtenText.map((written) => ({ value: textOf(written), text: `'${encode(written).toString()}'` })),
    fc.tuple(keyword, blank, blank, tie("value"), blank).map(([type, outer, left, { value, text }, right]) => ({
      value: new StepTyped(type.toUpperCase(), value),
      text: `${type}${outer}(${left}${text}${right})`,
    })),
    tie("list"),
  ),
  list: fc.array(fc.tuple(blank, tie("value"), blank), { maxLength: 4 }).map((items) => ({
    value: items.map(([, { value }]) => value),
    text: `(${items.map(([left, { text }, right]) => left + text + right).join(",")})`,
  })),
}));

/** A file with such instances. */
function writeFile(lines: readonly string[]): Buffer {
  const head = "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('Ifc4'));\nENDSEC;\nDATA;\n";
  return Buffer.from(`${head}${lines.join("")}ENDSEC;\nEND-ISO-10303-21;\n`);
}

type WrittenInstance = readonly [id: number, type: string, list: WrittenValue, space: string];

function writeInstance([id, type, { text }, space]: WrittenInstance): string {
  return `${space}#${id}${space}=${space}${type}${space}${text}${space};\n`;
}

/** A value as it is read where only some instances are in the file. Undefined for a member of a list that is left out. */
function withoutMissing(value: StepValue, ids: ReadonlySet<number>, isMember: boolean): StepValue | undefined {
  if (value instanceof StepReference) return ids.has(value.id) ? value : isMember ? undefined : null;
  if (value instanceof StepTyped) return new StepTyped(value.type, withoutMissing(value.value, ids, false) ?? null);
  if (!Array.isArray(value)) return value;
  return (value as readonly StepValue[])
    .map((item) => withoutMissing(item, ids, true))
    .filter((item) => item !== undefined);
}

/** What the scanner tells of a file. */
function scan(bytes: Buffer, sizes?: ScannerSizes): unknown[][] {
  const told: unknown[][] = [];
  const types = new TypeNames();
  const listener = {
    onInstance: ({ id, type, list, values }: ScannedInstance) =>
      told.push(["instance", id, types.all[type], list, values]),
    onReference: (id: number) => told.push(["reference", id]),
    onStatement: (text: string, offset: number) => told.push(["statement", text, offset]),
  };
  told.push(["end", new StepScanner(new BufferSource(bytes), types, listener, sizes).scan()]);
  return told;
}

describe("the laws of STEP", () => {
  it("gives back any text, however it is encoded", () =>
    fc.assert(
      fc.property(writtenText, (written) => {
        expect(decodeStepText(encode(written))).to.equal(textOf(written));
      }),
      { numRuns: 2000 },
    ));

  it("gives back any text beyond the first plane that is written as UTF-16", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const units = Array.from({ length: text.length }, (_, index) => hex(text.charCodeAt(index), 4));
        expect(decodeStepText(Buffer.from(`\\X2\\${units.join("")}\\X0\\`))).to.equal(text);
      }),
    ));

  it("reads Cyrillic letters of the page of ISO 8859-5", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0x410, max: 0x44f })), (codes) => {
        const letters = codes.map((code) => `\\S\\${String.fromCharCode(code - 0x360 - 0x80)}`);
        expect(decodeStepText(Buffer.from(`\\PE\\${letters.join("")}`))).to.equal(String.fromCodePoint(...codes));
      }),
    ));

  it("gives back the values of any record, whatever blanks and comments stand between them", () =>
    fc.assert(
      fc.property(writtenList, ({ value, text }) => {
        expect(parseValues(Buffer.from(text))).to.deep.equal(value);
      }),
      { numRuns: 500 },
    ));

  const instances = fc.uniqueArray(fc.tuple(fc.nat(), keyword, writtenList, blank), {
    selector: ([id]) => id,
    maxLength: 8,
  });

  it("finds every instance of any file, with its type and its values", () =>
    fc.assert(
      fc.property(instances, (written) => {
        const file = new StepFile(writeFile(written.map(writeInstance)));
        expect(file.schema).to.equal("IFC4");
        const ids = new Set(written.map(([id]) => id));
        for (const [id, type, { value }] of written) {
          expect(file.typeOf(id)).to.equal(type.toUpperCase());
          const values = (value as readonly StepValue[]).map((item) => withoutMissing(item, ids, false));
          expect(file.valuesOf(id)).to.deep.equal(values);
        }
      }),
      { numRuns: 300 },
    ));

  it("finds the same instances with any part of the file in memory", () => {
    const long = fc.integer({ min: 0, max: 300 }).map((length) => `/*${"; ' #1=IFCA(".repeat(length)}*/`);
    fc.assert(
      fc.property(instances, long, fc.integer({ min: 1, max: 200 }), (written, comment, block) => {
        const bytes = writeFile(written.map(([id, type, list]) => writeInstance([id, type, list, comment])));
        expect(scan(bytes, { block, lookahead: 64 })).to.deep.equal(scan(bytes));
        expect(scan(bytes).filter(([what]) => what === "instance")).to.have.length(written.length);
      }),
      { numRuns: 300 },
    );
  });

  const texts: [written: string, text: string][] = [
    ["\\S\\'", "§"],
    ["\\S\\' 34 BauO", "§ 34 BauO"],
    ["\\S\\'\\S\\'", "§§"],
    ["\\S\\', Abs. 2", "§, Abs. 2"],
    ["it''s \\S\\' 1 ''x''", "it's § 1 'x'"],
    ["\\S\\'''", "§'"],
    ["\\S\\'' 34", "§ 34"], // doubled, as some programs write it
    ["\\S\\''''", "§'"],
    ["C:\\\\S\\\\", "C:\\S\\"],
    ["C:\\\\S\\\\''x''", "C:\\S\\'x'"],
    ["C:\\S\\", "C:\\S\\"], // not escaped, as some programs write it
    ["C:\\T\\", "C:\\T\\"],
    ["\\\\", "\\"],
    ["\\\\''", "\\'"],
    ["\\S\\\\", "Ü"],
    ["\\X2\\00A7\\X0\\", "§"],
    ["\\X2\\00A7\\X0\\\\S\\'", "§§"],
    ["\\X4\\000000A7\\X0\\''", "§'"],
    ["\\X\\A7\\S\\'\\X\\27", "§§'"],
    ["\\PE\\\\S\\'", "Ї"],
    ["''", "'"],
    ["", ""],
  ];
  for (const [written, text] of texts)
    it(`reads '${written}' as ${text}`, () => {
      for (const values of [`'${written}'`, `'${written}',$,'next',(2)`, `('${written}') /* ' */ ,#1`]) {
        const file = new StepFile(writeFile([`#1=IFCA(${values});\n`, "#2=IFCB('a;','b''');\n"]));
        const [first] = file.valuesOf(1);
        expect(Array.isArray(first) ? (first as readonly StepValue[])[0] : first).to.equal(text);
        expect(file.valuesOf(2)).to.deep.equal(["a;", "b'"]);
      }
    });

  it("takes no comment for a part of a type", () => {
    const text = "ISO-10303-21;\nDATA;\n#1=IFCWALL/* (not #2) */('a');\nENDSEC;\nEND-ISO-10303-21;\n";
    const file = new StepFile(Buffer.from(text));
    expect([...file.types]).to.deep.equal(["IFCWALL"]);
    expect(file.valuesOf(1)).to.deep.equal(["a"]);
  });

  it("takes any bytes for a file, or says where they are none", () =>
    fc.assert(
      fc.property(writtenList, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }), ({ text }, place, noise) => {
        const bytes = Buffer.from(text);
        const damaged = Buffer.concat([bytes.subarray(0, place % (bytes.length + 1)), noise]);
        try {
          parseValues(damaged);
        } catch (error) {
          expect(error).to.have.property("offset").that.is.within(0, damaged.length);
        }
      }),
      { numRuns: 500 },
    ));
});
