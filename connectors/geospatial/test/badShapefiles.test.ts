import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dbf, point, polygon, shp, square, type TestField } from "./shapefiles.js";
import { ShapefileTimeline } from "./support.js";

const shapes = [polygon(square(551_000, 4_180_000, 10)), polygon(square(551_020, 4_180_000, 10))];
const fields: TestField[] = [["id", "C", 4], ["n", "N", 5]]; // prettier-ignore
const rows = [["a", "1"], ["b", "2"]]; // prettier-ignore
const good = shp(shapes);
const twoParts = shp([polygon(square(551_000, 4_180_000, 10), square(551_020, 4_180_000, 10)), shapes[1]!]);

interface BadShapefile {
  /** The files that are other than good ones; null for one that is missing. */
  files: Partial<Record<"shp" | "shx" | "dbf" | "prj", Buffer | string | null>>;
  args?: object;
  code: string;
  /** What the message or the advice must say. */
  says: string;
}

const badShapefiles: Record<string, BadShapefile> = {
  "an empty .shp": { files: { shp: "" }, code: "not-a-shapefile", says: "does not begin" },
  "another file as .shp": { files: { shp: Buffer.alloc(200, "x") }, code: "not-a-shapefile", says: "does not begin" },
  "a .shp cut off in a record": {
    files: { shp: good.subarray(0, good.length - 20) },
    code: "damaged",
    says: "cut off",
  },
  "a .shp cut off after a record": { files: { shp: good.subarray(0, 100 + (good.length - 100) / 2) }, code: "damaged", says: "its header says" }, // prettier-ignore
  "a record that is longer than the file": { files: { shp: patch(good, 104, 5000) }, code: "damaged", says: "cut off" },
  "more points than the record has": {
    files: { shp: patchLE(good, 100 + 8 + 40, 1e9) },
    code: "damaged",
    says: "shorter",
  },
  "fewer points than the record holds": {
    files: { shp: patchLE(good, 108 + 40, 4) },
    code: "damaged",
    says: "longer",
  },
  "points before the first part": { files: { shp: patchLE(good, 108 + 44, 2) }, code: "damaged", says: "do not fit" },
  "parts in another order": { files: { shp: patchLE(twoParts, 108 + 48, 11) }, code: "damaged", says: "do not fit" },
  "points without a part": { files: { shp: patchLE(good, 108 + 36, 0) }, code: "damaged", says: "belong to no part" },
  "half a block of measures": { files: { shp: withRest(13, [0, 0, 1]) }, code: "damaged", says: "longer" },
  "measures of a shape that has none": { files: { shp: withRest(3, [0, 0, 1, 2]) }, code: "damaged", says: "longer" },
  "points that a multipoint does not count": { files: { shp: withRest(8, [5, 6]) }, code: "damaged", says: "longer" },
  "a point with more than a place": { files: { shp: withRest(1, [5]) }, code: "damaged", says: "longer" },
  "a negative number of parts": { files: { shp: patchLE(good, 100 + 8 + 36, -1) }, code: "damaged", says: "negative" },
  "parts that do not fit": { files: { shp: patchLE(good, 100 + 8 + 44, 7) }, code: "damaged", says: "do not fit" },
  "an unknown shape in a record": { files: { shp: patchLE(good, 108, 7) }, code: "damaged", says: "type 7" },
  "a multipatch": { files: { shp: patchLE(good, 32, 31) }, code: "shape-type", says: "multipatch" },
  "no .dbf": { files: { dbf: null }, code: "no-dbf", says: "missing" },
  "a .dbf cut off": { files: { dbf: dbf(fields, rows).subarray(0, 110) }, code: "damaged", says: ".dbf is damaged" },
  "a .dbf without an end of its fields": { files: { dbf: Buffer.alloc(300, 1) }, code: "damaged", says: ".dbf is damaged" }, // prettier-ignore
  "a .dbf whose fields are too long": { files: { dbf: dbf([["id", "C", 4], ["n", "N", 5]], rows).fill(9, 10, 11) }, code: "damaged", says: "longer than its records" }, // prettier-ignore
  "an empty .dbf": { files: { dbf: "" }, code: "damaged", says: "cut off" },
  "a NUL in a text": { files: { dbf: dbf(fields, [["a\0b", "1"], ["b", "1"]]) }, code: "encoding", says: "text" }, // prettier-ignore
  "an identifier twice": { files: { dbf: dbf(fields, [["a", "1"], ["a", "2"]]) }, code: "duplicate-id", says: '"a"' }, // prettier-ignore
  "no identifier": { files: { dbf: dbf(fields, [["a", "1"], ["", "2"]]) }, code: "empty-id", says: "identifier" }, // prettier-ignore
  "two fields of one name": { files: { dbf: dbf([["id", "C", 4], ["id", "N", 5]], rows) }, code: "duplicate-column", says: "id" }, // prettier-ignore
  "no .prj": { files: { prj: null }, code: "no-crs", says: "crs" },
  "a .prj that is none": { files: { prj: "north is up" }, code: "places/unknown-crs", says: "north is up" },
  "a .prj that does not fit": {
    files: {},
    args: { crs: "EPSG:4326" },
    code: "places/out-of-range",
    says: "belongs to the file",
  },
  "an unknown column": { files: {}, args: { idColumn: "key" }, code: "unknown-column", says: "id, n" },
  "an option of other tables": { files: {}, args: { longitude: "n" }, code: "options", says: "crs" },
};

describe("a shapefile that cannot be taken", () => {
  for (const [name, { files, args, code, says }] of Object.entries(badShapefiles))
    it(`is refused: ${name}`, async () => {
      const timeline = new ShapefileTimeline();
      timeline.writeShapefile(shapes, rows, fields);
      await timeline.sync();
      const before = timeline.content;
      for (const [extension, content] of Object.entries(files))
        if (content === null) rmSync(join(timeline.folder, `sites.${extension}`));
        else timeline.write(content, `sites.${extension}`);
      timeline.args = args;
      const error = await timeline.refusal();
      expect(error.code, error.message).to.equal(code.includes("/") ? code : `geospatial/${code}`);
      expect(error.message + error.advice!).to.contain(says);
      expect(timeline.content).to.equal(before);
    });

  it("names the record that is damaged", async () => {
    const timeline = new ShapefileTimeline();
    timeline.writeShapefile(shapes, rows, fields);
    timeline.write(withRest(8, [5, 6]));
    expect((await timeline.refusal()).source).to.include({ entity: "record 2" });
  });

  it("is refused wherever it is cut off or changed", async () => {
    const timeline = new ShapefileTimeline();
    timeline.writeShapefile([point(551_000, 4_180_000)], [["a"]], [["id", "C", 4]]);
    const whole = { shp: shp([point(551_000, 4_180_000)]), dbf: dbf([["id", "C", 4]], [["a"]]) };
    for (const extension of ["shp", "dbf"] as const)
      for (const length of [1, 31, 60, 99, 101, 107, 120]) {
        timeline.writeShapefile([point(551_000, 4_180_000)], [["a"]], [["id", "C", 4]]);
        const cut = whole[extension].subarray(0, length);
        if (cut.length >= whole[extension].length - 1) continue; // all but the mark at the end
        timeline.write(cut, `sites.${extension}`);
        expect((await timeline.refusal()).code).to.match(/^geospatial\/(damaged|not-a-shapefile|records-differ)$/);
      }
  });
});

/** Two records of a type, of which the second has more numbers than it needs. */
function withRest(type: number, rest: number[]): Buffer {
  const parts = [type === 1 ? [[1, 2]] : [[1, 2], [3, 4]]]; // prettier-ignore
  return shp([
    { type, parts },
    { type, parts, rest },
  ]);
}

function patch(content: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(content);
  copy.writeInt32BE(value, offset);
  return copy;
}

function patchLE(content: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(content);
  copy.writeInt32LE(value, offset);
  return copy;
}
