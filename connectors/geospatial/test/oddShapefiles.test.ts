import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ConnectorError, type NotImportedReport } from "itwin-connector-framework";
import { SourceErrors } from "itwin-connector-framework/tables";
import { openShapefile } from "../src/shapefile/openShapefile.js";
import { featureLists, type Feature } from "../src/source/Feature.js";
import { LeftOut } from "../src/source/leftOut.js";
import { dbf, line, nothing, point, polygon, shp, shx, square, type TestField, type TestShape } from "./shapefiles.js";
import { ShapefileTimeline } from "./support.js";

const [east, north] = [551_000, 4_180_000] as const;
const shapes = [point(east, north), point(east + 1, north), point(east + 2, north)];
const fields: TestField[] = [["id", "C", 4], ["n", "N", 19], ["d", "N", 19, 6], ["t", "D", 8], ["l", "L", 1]]; // prettier-ignore
const rows = ["a", "b", "c"].map((id) => [id, "1", "1.5", "20240229", "T"]);
const noData = -1.7976931348623157e308;

/** What a reader makes of a shapefile. */
interface Read {
  features: Feature[];
  issues: string[];
  leftOut: string[];
}

/** A shapefile of three points in which something can be odd. */
class OddShapefile extends ShapefileTimeline {
  public constructor() {
    super();
    this.writeShapefile(shapes, rows, fields);
  }

  public put(extension: string, content: Buffer): void {
    this.write(content, `sites.${extension}`);
  }

  public removeIndex(): void {
    rmSync(join(this.folder, "sites.shx"));
  }

  /** Opens it and reads it twice, because the second pass must report nothing again. */
  public async open(options: object = {}): Promise<Read> {
    const path = join(this.folder, "sites.shp");
    const errors = new SourceErrors("geospatial", path);
    const [issues, reports]: [string[], NotImportedReport[]] = [[], []];
    const source = await openShapefile(
      { path, errors, options: options as never, onProgress: () => undefined },
      {
        report: (key, message) => issues.push(`${key} ${message}`),
        leftOut: new LeftOut((report) => reports.push(report)),
      },
    );
    const features: Feature[] = [];
    for await (const list of featureLists(source)) features.push(...list);
    for await (const list of featureLists(source))
      for (const feature of list) expect(feature).to.deep.equal(features[feature.number - 1]);
    return { features, issues, leftOut: reports.map(({ what, count, example }) => `${count} ${what}: ${example}`) };
  }

  /** Opens what is read with one issue of a kind, and refused as that kind where the option "strict" says so. */
  public async expectIssue(key: string, says: string): Promise<Read> {
    const found = await this.open();
    expect(found.issues).to.have.length(1);
    expect(found.issues[0])
      .to.match(new RegExp(`^${key} sites\\.\\w+: .*\\.$`))
      .and.to.contain(says);
    const error = await this.open({ strict: true }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ConnectorError).and.to.have.property("code", `geospatial/${key}`);
    expect((error as ConnectorError).advice).to.contain('"strict"');
    return found;
  }
}

const eastOf = ({ features }: Read) => features.map(({ shape }) => shape?.points[0]?.[0]);
const cellsOf = ({ features }: Read, column: number) => features.map(({ cells }) => cells[column]);

describe("an odd .dbf", () => {
  let file: OddShapefile;
  beforeEach(() => (file = new OddShapefile()));

  for (const mark of [0x0a, 0x00, 0x20])
    it(`is read: the mark after the last field is ${mark}`, async () => {
      const content = dbf(fields, rows);
      content[32 + 32 * fields.length] = mark;
      file.put("dbf", content);
      const found = await file.expectIssue("dbf-terminator", "mark after the last field");
      expect(cellsOf(found, 0)).to.deep.equal(["a", "b", "c"]);
    });

  it("is read: there is no room for the mark", async () => {
    const content = dbf(fields, rows);
    const length = 32 + 32 * fields.length;
    content.writeUInt16LE(length, 8);
    file.put("dbf", Buffer.concat([content.subarray(0, length), content.subarray(length + 1)]));
    expect(cellsOf(await file.expectIssue("dbf-terminator", "mark"), 4)).to.deep.equal([true, true, true]);
  });

  it("is read with numbers that are none left empty", async () => {
    file.put("dbf", dbf(fields, [["a", "***", "*******", "20240229", "T"], ["b", "nan", "-1.#IND", "", "T"], ["c", "1e999", "2", "", "T"]])); // prettier-ignore
    const found = await file.expectIssue("no-number", "(5 times, first in record 1, attribute n)");
    expect([cellsOf(found, 1), cellsOf(found, 2)]).to.deep.equal([[undefined, undefined, undefined], [undefined, undefined, 2]]); // prettier-ignore
  });

  it("is read with values of another type left empty", async () => {
    file.put("dbf", dbf(fields, [["a", "x", "1,5", "20240229", "T"], ["b", "1", "2", "20230229", "X"], ["c", "1", "2", "", "?"]])); // prettier-ignore
    const found = await file.expectIssue("bad-value", "(4 times, first in record 1, attribute n)");
    expect(found.features[1]!.cells.slice(3)).to.deep.equal([undefined, undefined]);
  });

  it("has dates, truths and numbers that are empty without an issue", async () => {
    file.put("dbf", dbf(fields, [["a", "", "", "", "?"], ["b", "", "", "00000000", " "], ["c", "", "", "0", "F"]])); // prettier-ignore
    const { features, issues } = await file.open({ strict: true });
    expect(issues).to.deep.equal([]);
    expect(features.map((feature) => feature.cells.slice(1))).to.deep.equal([
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, false],
    ]);
  });

  it("has whole numbers with all their digits, and others as doubles", async () => {
    const wide: TestField[] = [["id", "C", 4], ["n", "N", 19], ["d", "N", 24, 15], ["f", "F", 19, 11]]; // prettier-ignore
    file.put("dbf", dbf(wide, [
      ["a", "9223372036854775807", "551000.123456789012345", "1.23450000000e+002"],
      ["b", "-9007199254740993", "1.000000000000000", "0.00000000000e+000"],
      ["c", "0000000000000000012", "+7", " .5"],
    ])); // prettier-ignore
    const found = await file.open({ strict: true });
    expect(found.features.map((feature) => feature.cells.slice(1))).to.deep.equal([
      ["9223372036854775807", 551_000.1234567891, 123.45],
      ["-9007199254740993", 1, 0],
      [12, 7, 0.5],
    ]);
  });
});

describe("an odd .shp or .shx", () => {
  let file: OddShapefile;
  beforeEach(() => (file = new OddShapefile()));

  it("is not one that has nothing odd", async () => {
    expect((await file.open({ strict: true })).issues).to.deep.equal([]);
  });

  for (const [title, x, y] of [
    ["no data", noData, noData],
    ["no data in y alone", east, -1e39],
    ["no numbers", NaN, NaN],
  ] as const)
    it(`is read: a point of coordinates that are ${title}`, async () => {
      file.put("shp", shp([shapes[0]!, point(x, y), point(x, y)]));
      const found = await file.expectIssue("no-data", "(2 times, first in record 2)");
      expect(eastOf(found)).to.deep.equal([east, undefined, undefined]);
    });

  it("is read: a polygon with corners that are no data", async () => {
    const [first, ...others] = square(east, north, 5);
    file.writeShapefile([polygon([first!, [noData, noData], ...others]), polygon(square(east, north, 1))], rows.slice(1), fields); // prettier-ignore
    const { features } = await file.expectIssue("no-data", "(record 1)");
    expect(features.map(({ shape }) => shape?.polygons.length)).to.deep.equal([undefined, 1]);
  });

  it("is read: heights that are no data", async () => {
    file.writeShapefile([point(east, north, noData), point(east, north, 7), point(east, north, 8)], rows, fields);
    const { features } = await file.expectIssue("no-height", "(record 1)");
    expect(features.map(({ shape }) => shape!.points[0])).to.deep.equal([[east, north], [east, north, 7], [east, north, 8]]); // prettier-ignore
  });

  for (const [title, number] of [
    ["begin at zero", (index: number) => index],
    ["have a gap", (index: number) => index + (index > 0 ? 5 : 1)],
    ["are all the same", () => 1],
  ] as const)
    for (const hasIndex of [true, false])
      it(`is read: the numbers of records ${title}, ${hasIndex ? "with" : "without"} an index`, async () => {
        const content = shp(shapes);
        for (const index of shapes.keys()) content.writeInt32BE(number(index), 100 + index * 28);
        file.put("shp", content);
        if (!hasIndex) file.removeIndex();
        const found = await file.open();
        expect(found.issues.at(-1)).to.contain("record-numbers sites.shp: the numbers of the records");
        expect(found.issues).to.have.length(hasIndex ? 1 : 2);
        expect(eastOf(found)).to.deep.equal([east, east + 1, east + 2]);
      });

  for (const count of [1, 4, 8, 28, 1000])
    it(`is read: ${count} bytes after the last record`, async () => {
      file.put("shp", Buffer.concat([shp(shapes), Buffer.alloc(count)]));
      const found = await file.expectIssue("unused-bytes", `${count} bytes`);
      expect(eastOf(found)).to.deep.equal([east, east + 1, east + 2]);
      file.removeIndex();
      expect((await file.open()).issues.map((issue) => issue.split(" ")[0])).to.deep.equal(["no-shx", "unused-bytes"]);
    });

  for (const length of [0, 50, 60, 1_000_000])
    for (const hasIndex of [true, false])
      it(`is read: its header says ${length * 2} bytes, ${hasIndex ? "with" : "without"} an index`, async () => {
        const content = shp(shapes);
        content.writeInt32BE(length, 24);
        file.put("shp", content);
        if (!hasIndex) file.removeIndex();
        const found = await file.open();
        expect(found.issues.at(-1)).to.contain(`file-length sites.shp: the .shp has ${content.length} bytes, and its header says ${length * 2}`); // prettier-ignore
        expect(eastOf(found)).to.deep.equal([east, east + 1, east + 2]);
      });

  it("is read: shapes without parts and points", async () => {
    const empty: TestShape = { type: 3, parts: [] };
    file.writeShapefile([line([[east, north], [east, north + 1]]), empty, nothing], rows, fields); // prettier-ignore
    const { features } = await file.expectIssue("empty-shape", "(record 2)");
    expect(features.map(({ shape }) => shape?.lines.length)).to.deep.equal([1, undefined, undefined]);
    file.writeShapefile([{ type: 8, parts: [[[east, north]]] }, { type: 8, parts: [[]] }, nothing], rows, fields);
    expect((await file.expectIssue("empty-shape", "(record 2)")).features[1]!.shape).to.equal(undefined);
  });

  it("is read: another type of shapes than its header says", async () => {
    const content = shp(shapes);
    content.writeInt32LE(8, 32);
    file.put("shp", content);
    expect(eastOf(await file.expectIssue("shape-types", "3 times"))).to.deep.equal([east, east + 1, east + 2]);
  });

  it("is read by its index where records were replaced at its end", async () => {
    const records = shp([...shapes, point(east + 9, north)]);
    records.writeInt32BE(1, 100 + 3 * 28); // the first record again
    file.put("shp", records);
    const index = shx(shapes);
    index.writeInt32BE((100 + 3 * 28) / 2, 100);
    file.put("shx", index);
    const found = await file.expectIssue("unused-bytes", "28 bytes");
    expect(eastOf(found)).to.deep.equal([east + 9, east + 1, east + 2]);
  });

  for (const [title, index] of [
    ["of another version", shx(shapes.slice(1))],
    ["that is empty", Buffer.alloc(0)],
    ["that leads nowhere", Buffer.concat([shx(shapes).subarray(0, 116), Buffer.alloc(8, 9)])],
    ["of other lengths", shx(shapes.map(() => line([[1, 2], [3, 4]])))], // prettier-ignore
  ] as const)
    it(`is read without its index: one ${title}`, async () => {
      file.put("shx", index);
      expect(eastOf(await file.expectIssue("shx-differs", "the index does not fit"))).to.deep.equal([east, east + 1, east + 2]); // prettier-ignore
    });

  it("is read as far as there are both shapes and attributes", async () => {
    file.put("dbf", dbf(fields, rows.slice(1)));
    let found = await file.open();
    expect(found.issues.map((issue) => issue.split(" ")[0])).to.deep.equal(["shx-differs", "records-differ"]);
    expect(found.issues[1]).to.contain("the .shp has 3 records, and the .dbf 2. The first 2 are read");
    expect(cellsOf(found, 0)).to.deep.equal(["b", "c"]);
    expect(found.leftOut).to.deep.equal(["1 shape without attributes: record 3"]);
    file.put("dbf", dbf(fields, [...rows, ...rows]));
    found = await file.open();
    expect(cellsOf(found, 0)).to.deep.equal(["a", "b", "c"]);
    expect(found.leftOut).to.deep.equal(["3 attributes without a shape: record 4"]);
    const error = await file.open({ strict: true }).catch((reason: unknown) => reason);
    expect((error as ConnectorError).code).to.equal("geospatial/shx-differs");
  });

  it("is brought in with its issues, and stays as it is where it is read again", async () => {
    file.put("shp", Buffer.concat([shp([shapes[0]!, point(noData, noData), shapes[2]!]), Buffer.alloc(4)]));
    const { issues, elements } = await file.result();
    expect(issues.map(({ code }) => code)).to.deep.equal(["geospatial/no-data", "geospatial/unused-bytes"]);
    expect(elements.inserted).to.equal(3);
    expect(file.draw().map(({ points }) => points.length)).to.deep.equal([1, 0, 1]);
    file.put("shp", shp([shapes[0]!, nothing, shapes[2]!]));
    expect(await file.sync()).to.deep.equal([0, 0, 0]);
    file.put("shp", shp([shapes[0]!, point(noData, noData), shapes[2]!]));
    file.args = { strict: true };
    const error = await file.refusal();
    expect(error.code).to.equal("geospatial/no-data");
    expect(error.source).to.include({ entity: "record 2" });
  });
});
