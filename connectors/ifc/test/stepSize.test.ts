import { appendFileSync, closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { isLongTest } from "../../../test/support/long.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { digestSize } from "../src/model/content/ContentBuffer.js";
import { DigestStore } from "../src/model/content/DigestStore.js";
import { LinkTable, type Related } from "../src/model/relations/LinkTable.js";
import { InstanceIndex } from "../src/step/InstanceIndex.js";
import { InstanceSet } from "../src/step/InstanceSet.js";
import { LineIndex } from "../src/step/LineIndex.js";
import { PagedFile } from "../src/step/PagedFile.js";
import { StepFile } from "../src/step/StepFile.js";
import { IfcSession } from "../src/worker/IfcSession.js";
import { MesherPool } from "../src/worker/MesherPool.js";
import { houseText, lineWith } from "./house.js";

/** Numbers of instances: dense ones, sparse ones, and such as do not fit into 32 bits. */
const ids = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2 ** 32 + 300 }),
  fc.maxSafeInteger().map(Math.abs),
);

const head = "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
const tail = "ENDSEC;\nEND-ISO-10303-21;\n";

function writeFile(content: string): string {
  const path = join(temporaryFolder(), "m.ifc");
  writeFileSync(path, content);
  return path;
}

describe("the index of a STEP file", () => {
  it("finds instances by any numbers, in any order", () =>
    fc.assert(
      fc.property(fc.uniqueArray(ids, { maxLength: 300 }), ids, (numbers, other) => {
        const index = new InstanceIndex();
        for (const [place, id] of numbers.entries()) index.add(id, place % 7, place * 2 ** 25 + 3);
        expect(index.finish()).to.equal(undefined);
        for (const [place, id] of numbers.entries()) {
          expect(index.find(id)).to.equal(place);
          expect([index.idAt(place), index.typeAt(place)]).to.deep.equal([id, place % 7]);
          expect(index.offsetAt(place)).to.equal(place * 2 ** 25 + 3);
        }
        if (!numbers.includes(other)) expect(index.find(other)).to.equal(undefined);
      }),
    ));

  it("finds the first number that comes twice", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), (numbers) => {
        const index = new InstanceIndex();
        for (const id of numbers) index.add(id, 0, 0);
        const repeated = numbers.findIndex((id, place) => numbers.indexOf(id) < place);
        expect(index.finish()).to.equal(repeated < 0 ? undefined : repeated);
      }),
    ));

  it("takes at most 16 bytes for each instance", () => {
    const before = process.memoryUsage().arrayBuffers;
    const index = new InstanceIndex();
    const size = 2 ** 21;
    for (let place = 0; place < size; place++) index.add(2 * size - place, 1, place * 50);
    index.finish();
    collectGarbage();
    expect((process.memoryUsage().arrayBuffers - before) / size).to.be.at.most(16);
    expect(index.find(size + 1)).to.equal(size - 1);
  });

  it("finds links from both sides, in their order", () => {
    const link = fc.tuple(ids, fc.integer({ min: 0, max: 9 }), ids);
    fc.assert(
      fc.property(fc.array(link, { maxLength: 60 }), (links) => {
        const table = new LinkTable(links);
        for (const [relating, related] of links) {
          const here = links.filter((other) => other[0] === relating).map(([, id, by]): Related => ({ id, by }));
          const there = links.filter((other) => other[1] === related).map(([id, , by]): Related => ({ id, by }));
          expect(table.relatedOf(relating)).to.deep.equal(here);
          expect(table.relatingOf(related)).to.deep.equal(there);
        }
        expect(table.relatingOf(10)).to.deep.equal([]);
      }),
    );
  });

  it("keeps sets of instances", () => {
    const file = new StepFile(Buffer.from(`${head}#5=IFCA();#900=IFCA();#7=IFCA();${tail}`));
    const set = new InstanceSet(file);
    for (const id of [7, 900, 8]) set.add(id);
    expect([5, 7, 8, 900].filter((id) => set.has(id))).to.deep.equal([7, 900]);
  });

  it("keeps costly digests, and the latest ones of the others", () => {
    const store = new DigestStore();
    const digest = (place: number) => String(place).padStart(digestSize, "\xff");
    store.add(1, digest(1), 1000);
    for (let place = 2; place < 500_000; place++) store.add(place, digest(place), 1);
    expect(store.get(1)).to.equal(digest(1));
    expect(store.get(499_999)).to.equal(digest(499_999));
    expect(store.get(2)).to.equal(undefined);
  });
});

describe("a STEP file on the disk", () => {
  it("is read in pages as it would be in memory", () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(""));
    const path = writeFile(bytes.toString());
    const file = new PagedFile(path);
    const range = fc.tuple(fc.nat(bytes.length - 1), fc.nat(70_000));
    fc.assert(
      fc.property(range, ([offset, wanted]) => {
        const length = Math.min(wanted, bytes.length - offset);
        expect(file.read(offset, length).equals(bytes.subarray(offset, offset + length))).to.equal(true);
      }),
    );
    file.close();
  });

  it("knows the line of each offset, across blocks", () => {
    const path = writeFile(`${"x".repeat(99)}\n`.repeat(30_000));
    const file = new PagedFile(path);
    const lines = new LineIndex(file);
    for (const offset of [2_999_999, 0, 99, 100, 1_048_576, 1_500_000, 3_000_000])
      expect(lines.lineAt(offset)).to.equal(Math.floor(offset / 100) + 1);
    file.close();
  });

  const [first, second] = isLongTest ? [2 ** 31 + 9, 2 ** 32 + 2 ** 20] : [2 ** 21 + 9, 2 ** 22];
  it(`has instances beyond ${first} and ${second} bytes, and their lines`, function () {
    if (isLongTest) this.timeout(3_600_000);
    const path = writeFile(head);
    const handle = openSync(path, "r+");
    writeSync(handle, "#1=IFCA('one',#2);\n", first);
    // What follows an instance up to the next one is read with it, which may be 1 GB.
    for (const [index, id] of [4, 5].entries())
      writeSync(handle, `#${id}=IFCC();\n`, Math.floor(first + ((second - first) * (index + 1)) / 3));
    writeSync(handle, "\n#2=IFCB(#1);\n#3=IFCB(nonsense);\n", second);
    const end = second + 2 ** 20;
    writeSync(handle, tail, end);
    ftruncateSync(handle, end + tail.length);
    closeSync(handle);
    const file = new StepFile(new PagedFile(path));
    expect(file.valuesOf(1)[0]).to.equal("one");
    expect(file.valuesOf(2)).to.have.length(1);
    expect([1, 2, 3].map((id) => file.lineOf(id))).to.deep.equal([6, 10, 11]);
    expect(() => file.valuesOf(3))
      .to.throw('"nonsense" is no value')
      .with.property("offset")
      .that.is.within(second, second + 40);
    file.close();
  });

  const changes: [what: string, change: (path: string) => void][] = [
    ["grows", (path) => appendFileSync(path, "\n")],
    ["shrinks", (path) => truncateSync(path, 100)],
    ["is written again", (path) => writeFileSync(path, spread.replaceAll("wall", "WALL"))],
  ];
  for (const [what, change] of changes)
    it(`is refused when it ${what} while it is read`, async () => {
      const path = writeFile(spread);
      const session = IfcSession.open(path, { chordTolerance: 0.002 }, new MesherPool(2), () => undefined);
      const wall = Number(lineWith(houseText, "'wall 0.0'").number.slice(1));
      change(path);
      for (const read of [() => session.survey(), () => session.details(wall)] as (() => unknown)[]) {
        const fault = await (async () => read())().catch((error: unknown) => error);
        expect(fault).to.have.nested.property("description.key", "changed");
      }
    });
});

/** The house with so much between its instances that each is in pages of its own. */
const spread = houseText.replace(/\n(?=#\d+=)/g, `\n/*${"-".repeat(40_000)}*/`);

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
