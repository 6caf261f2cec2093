import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import { ShapefileTimeline } from "./support.js";

const at = (...coordinates: unknown[]) => ({ type: "Point", coordinates });
const feature = (name: string, geometry: unknown = at(11, 48), more: object = {}) => ({ type: "Feature", properties: { name }, geometry, ...more }); // prettier-ignore
const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });
const square = [[11, 48], [11.001, 48], [11.001, 48.001], [11, 48.001], [11, 48]]; // prettier-ignore
const polygon = (...coordinates: unknown[]) => ({ type: "Polygon", coordinates });

function issuesOf({ issues }: RunResult): string[] {
  return issues.filter(({ code }) => code.startsWith("geospatial/")).map(({ code, message }) => `${code}: ${message}`);
}

describe("Features one after the other", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline("sites.geojson")));
  const names = () => timeline.query("SELECT name FROM GeoSites.Sites ORDER BY UserLabel").map(({ name }) => name);
  const features = ["a", "b", "c"].map((name, index) => JSON.stringify(feature(name, at(11 + index / 1000, 48))));

  const contents: Record<string, [content: string, file?: string]> = {
    "found by the content": [features.join("\n")],
    "by the name of the file": [features.join("\n"), "sites.geojsonl"],
    "by the name of the file, also of a few": [`${features.join("\r\n")}\r\n\r\n`, "sites.ndjson"],
    "with record separators, as RFC 8142 has them": [features.map((each) => `\x1e${each}\n`).join(""), "sites.geojsons"],
    "with record separators, without the name for it": [features.map((each) => `\x1e${each}\n`).join("")],
    "over several lines each": [features.map((each) => JSON.stringify(JSON.parse(each), undefined, 2)).join("\n")],
  }; // prettier-ignore
  for (const [title, [content, file = "sites.geojson"]] of Object.entries(contents))
    it(`are read: ${title}`, async () => {
      timeline.file = file;
      expect(issuesOf(await timeline.result(content))).to.deep.equal([]);
      expect(names()).to.deep.equal(["a", "b", "c"]);
    });

  it("are read where the first one is longer than a piece of the file", async () => {
    const long = Array.from({ length: 30_000 }, (_, index) => [11 + index / 1e6, 48 + (index % 7) / 1e6]);
    await timeline.sync([JSON.stringify(feature("long", { type: "LineString", coordinates: long })), ...features].join("\n")); // prettier-ignore
    expect(names()).to.deep.equal(["long", "a", "b", "c"]);
  });

  it("are not what follows a collection", async () => {
    const { code } = await timeline.refusal(`${JSON.stringify(collection(feature("a")))}\n${features[0]}`);
    expect(code).to.equal("geospatial/not-geojson");
  });
});

describe("What GeoJSON has not", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline("sites.geojson")));
  const names = () => timeline.query("SELECT name FROM GeoSites.Sites ORDER BY UserLabel").map(({ name }) => name);

  const odd: Record<string, { content: unknown; issue: RegExp; names: unknown[] }> = {
    "a collection in a collection": {
      content: collection(collection(feature("a"), feature("b")), feature("c")),
      issue: /^geospatial\/nested-collection: 1 .*record 1/,
      names: ["a", "b", "c"],
    },
    "an empty collection deep in others": {
      content: collection(feature("a"), collection(collection(), collection(feature("b")))),
      issue: /nested-collection: 3 .*record 2/,
      names: ["a", "b"],
    },
    "a geometry in the place of a feature": {
      content: collection(at(11, 48), feature("b")),
      issue: /^geospatial\/bare-geometry: 1 .*record 1/,
      names: ["b"],
    },
    "geometries of several kinds in the place of features": {
      content: collection(feature("a"), polygon(square), { type: "GeometryCollection", geometries: [] }),
      issue: /bare-geometry: 2 .*record 2/,
      names: ["a"],
    },
    "null, numbers and lists in the place of features": {
      content: collection(null, feature("a"), 1, [feature("x")], "x"),
      issue: /^geospatial\/not-a-feature: 4 .*record 1/,
      names: ["a"],
    },
    "objects in the place of features": {
      content: collection(feature("a"), { name: "x" }, { type: "Topology" }),
      issue: /not-a-feature: 2 .*record 2/,
      names: ["a"],
    },
    "a geometry without positions": {
      content: collection(feature("a", at()), feature("b", { type: "MultiPolygon", coordinates: [] })),
      issue: /^geospatial\/empty-geometry: 2 .*record 1/,
      names: ["a", "b"],
    },
    "an empty geometry collection": {
      content: collection(feature("a"), feature("b", { type: "GeometryCollection", geometries: [] })),
      issue: /empty-geometry: 1 .*record 2/,
      names: ["a", "b"],
    },
    "a ring in the wrong direction": {
      content: collection(feature("a", polygon([...square].reverse()))),
      issue: /^geospatial\/ring-order: 1 .*record 1/,
      names: ["a"],
    },
    "a hole in the wrong direction": {
      content: collection(feature("a", polygon(square)), feature("b", polygon(square, [[11.0002, 48.0002], [11.0003, 48.0002], [11.0003, 48.0003], [11.0002, 48.0002]]))),
      issue: /ring-order: 1 .*record 2/,
      names: ["a", "b"],
    },
    "a ring that is not closed": {
      content: collection(feature("a", polygon(square.slice(0, -1)))),
      issue: /^geospatial\/unclosed-ring: 1 .*record 1/,
      names: ["a"],
    },
    "an identifier of a few": {
      content: collection(feature("a", null, { id: "f1" }), feature("b", null)),
      issue: /^geospatial\/some-ids: 1 .*record 1/,
      names: ["a", "b"],
    },
  }; // prettier-ignore

  for (const [title, { content, issue, names: expected }] of Object.entries(odd)) {
    it(`is read with an issue: ${title}`, async () => {
      const issues = issuesOf(await timeline.result(JSON.stringify(content)));
      expect(issues).to.have.length(1);
      expect(issues[0]).to.match(issue);
      expect(names()).to.deep.equal(expected);
      timeline.args = { markerSize: 2 };
      expect(issuesOf(await timeline.result()), "when it is read again").to.deep.equal(issues);
    });

    it(`is refused if the run is strict: ${title}`, async () => {
      timeline.args = { strict: true };
      const { code } = await timeline.refusal(JSON.stringify(content));
      expect(code).to.equal(/geospatial\/[-a-z]+/.exec(`geospatial/${issue.source.replace(/^.*\//, "")}`)![0]);
    });
  }

  it("is read with an issue: NaN, in attributes and around features", async () => {
    const text = JSON.stringify(collection(feature("a", null, { id: 1 }), feature("b", null, { id: 2 })));
    const issues = issuesOf(await timeline.result(text.replace('"name":"a"', '"name":"a","v":NaN')));
    expect(issues).to.have.length(1);
    expect(issues[0]).to.match(/^geospatial\/not-a-number: 1 .*record 1/);
    expect(names()).to.deep.equal(["a", "b"]);
  });
});

describe("Values of GeoJSON", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline("sites.geojson")));
  const rows = (columns: string) => timeline.query(`SELECT ${columns} FROM GeoSites.Sites ORDER BY UserLabel`);

  it("keep all digits, in identifiers, attributes, lists and objects", async () => {
    const [first, second] = ["2305843009223239036", "2305843009223239100"];
    const textOf = (id: string, parcel: string) =>
      `{"type":"Feature","id":${id},"geometry":{"type":"Point","coordinates":[11.1234567890123456789,48]},"properties":{"parcel":${parcel},"list":[${parcel}],"nested":{"n":${parcel}},"far":1e999}}`;
    const text = (parcel: string) =>
      `{"type":"FeatureCollection","features":[${textOf(first, parcel)},${textOf(second, "5")}]}`;
    await timeline.sync(text("9007199254740993"));
    expect(rows("UserLabel, parcel, list, nested o, far")).to.deep.equal([
      { userLabel: first, parcel: "9007199254740993", list: '["9007199254740993"]', o: '{"n":"9007199254740993"}', far: "1e999" }, // prettier-ignore
      { userLabel: second, parcel: "5", list: "[5]", o: '{"n":5}', far: "1e999" },
    ]);
    expect(await timeline.sync(text("9007199254740992")), "another last digit").to.deep.equal([0, 1, 0]);
  });

  it("keep all digits in a feature on its own, and in a collection in a collection", async () => {
    const one = `{"type":"Feature","id":2305843009223239036,"properties":{"n":9007199254740993},"geometry":{"type":"Point","coordinates":[11.1234567890123456789,48]}}`;
    const row = { userLabel: "2305843009223239036", n: "9007199254740993" };
    await timeline.sync(one);
    expect(rows("UserLabel, n")).to.deep.equal([row]);
    await timeline.sync(`{"type":"FeatureCollection","features":[{"type":"FeatureCollection","features":[${one}]}]}`);
    expect(rows("UserLabel, n")).to.deep.equal([row]);
    expect(timeline.draw()[0]!.points).to.have.length(1);
  });

  it("are dates and times where texts are ISO 8601, as in JSON", async () => {
    const one = (d: string, dt: string) => ({ type: "Feature", properties: { d, dt, t: "12" }, geometry: null });
    await timeline.sync(JSON.stringify(collection(one("2024-01-01", "2024-01-02T03:04:05Z"), one("2024-02-01", "2024-01-02T00:00:00Z")))); // prettier-ignore
    expect(rows("d, dt, t")[0]).to.deep.equal({ d: "2024-01-01", dt: "2024-01-02T03:04:05.000Z", t: "12" });
  });

  it("are placed by the option, whatever the file says of its coordinates", async () => {
    const link = { type: "link", properties: { href: "http://example.com/crs/42", type: "proj4" } };
    const content = JSON.stringify({ ...collection(feature("a")), crs: link });
    expect((await timeline.refusal(content)).code).to.equal("geospatial/no-crs");
    for (const crs of [link, "EPSG:4326", { type: "name" }, 7]) {
      timeline.args = { crs: "EPSG:4326" };
      await timeline.sync(JSON.stringify({ ...collection(feature("a")), crs }));
      expect(timeline.draw()[0]!.points).to.have.length(1);
    }
  });
});
