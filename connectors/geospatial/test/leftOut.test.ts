import { expect } from "chai";
import type { NotImported, RunResult } from "itwin-connector-framework";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { dbf, line, point, polygon, square } from "./shapefiles.js";
import { connectorModule, ShapefileTimeline } from "./support.js";

function linesOf({ notImported }: RunResult): string[] {
  return notImported.map(({ count, what, example }: NotImported) => `${count} ${what}: ${example}`).sort();
}

const [east, north] = [500_000, 4_000_000] as const;

describe("What a shapefile holds and no element gets", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline()));

  it("is reported: attributes of unknown types, and deleted records", async () => {
    timeline.writeShapefile([point(east, north), point(east, north), point(east, north)], [["a"], ["b"], ["c"]]);
    const fields: [string, string, number][] = [["id", "C", 3], ["memo", "M", 10], ["more", "M", 10]]; // prettier-ignore
    const rows = ["a", "b", "c"].map((id) => [id, "1", "2"]);
    timeline.write(dbf(fields, rows, { deleted: [0, 2] }), "sites.dbf");
    expect(linesOf(await timeline.result())).to.deep.equal(["2 attribute of type M: memo", "2 record: sites.dbf"]);
  });

  it("is reported: measures that say something", async () => {
    const noData = -1e39;
    const shapeOf = (type: number, rest: number[]) => ({ type, parts: [[[east, north], [east, north + 1]]], rest }); // prettier-ignore
    const rows = [["a"], ["b"], ["c"]];
    timeline.writeShapefile([shapeOf(23, [4, 5, 4, 5]), shapeOf(23, [0, 0, 0, 0]), shapeOf(23, [0, 0, noData, 1])], rows); // prettier-ignore
    expect(linesOf(await timeline.result())).to.deep.equal(["2 shape with measures (m): record 1"]);
    timeline.writeShapefile([{ type: 21, parts: [[[east, north]]], rest: [7] }], [["a"]]);
    expect(linesOf(await timeline.result())).to.deep.equal(["1 shape with measures (m): record 1"]);
    timeline.writeShapefile([shapeOf(13, [4, 5, 4, 5]), shapeOf(13, [])], [["a"], ["b"]]);
    expect(linesOf(await timeline.result())).to.deep.equal(["1 shape with measures (m): record 1"]);
    timeline.writeShapefile([point(east, north, 3)], [["a"]]);
    expect(linesOf(await timeline.result())).to.deep.equal([]);
  });

  it("is reported: parts without extent, also of a shape that has others", async () => {
    const parts = [[[east, north]], [[east, north], [east, north + 1]]]; // prettier-ignore
    timeline.writeShapefile([line(...parts), line(parts[1]!)], [["a"], ["b"]]);
    expect(linesOf(await timeline.result())).to.deep.equal(["1 line of a shape: record 1"]);
    const flat = [[east, north], [east, north + 1], [east, north]]; // prettier-ignore
    timeline.writeShapefile([polygon(square(east, north, 5)), polygon(square(east, north, 5), flat)], [["a"], ["b"]]);
    const first = linesOf(await timeline.result());
    expect(first).to.deep.equal(["1 ring of a shape: record 2"]);
    timeline.args = { markerSize: 2 };
    expect(linesOf(await timeline.result()), "when it is read again").to.deep.equal(first);
  });
});

describe("What a GeoJSON file holds and no element gets", () => {
  const timeline = new ConnectorTimeline(connectorModule, "sites.geojson");
  const feature = (id: number, geometry: unknown, more: object = {}) => ({
    type: "Feature",
    id,
    geometry,
    properties: { name: "x" },
    ...more,
  });

  it("is reported: foreign members, and numbers that mean nothing", async () => {
    const features = [
      feature(1, { type: "Point", coordinates: [1, 2, 3, 4] }, { style: { color: "red" } }),
      feature(2, { type: "MultiPoint", coordinates: [[1, 2, 3], [1, 2, 3, 4]] }, { style: {}, tippecanoe: {} }), // prettier-ignore
      feature(3, { type: "Polygon", coordinates: [[[0, 0], [1, 1], [0, 0]]] }), // prettier-ignore
    ];
    const content = { type: "FeatureCollection", name: "sites", bbox: [0, 0, 1, 1], features };
    expect(linesOf(await timeline.result(JSON.stringify(content)))).to.deep.equal([
      '1 member "tippecanoe" of features: record 2',
      "1 member of the collection: name",
      "1 ring of a shape: record 3",
      '2 member "style" of features: record 1',
      "2 positions with more than three numbers: record 1",
    ]);
  });

  it("is nothing in what the standard has", async () => {
    const content = { type: "FeatureCollection", features: [feature(1, { type: "Point", coordinates: [1, 2, 3] })] };
    expect(linesOf(await timeline.result(JSON.stringify(content)))).to.deep.equal([]);
    expect(linesOf(await timeline.result(JSON.stringify(feature(1, null))))).to.deep.equal([]);
  });
});
