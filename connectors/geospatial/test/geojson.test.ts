import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { ShapefileTimeline } from "./support.js";

const ring = (x: number, y: number, size: number) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]; // prettier-ignore
const collection = (...features: object[]) => JSON.stringify({ type: "FeatureCollection", features });
const feature = (id: unknown, geometry: unknown, properties: unknown = {}) => ({ type: "Feature", id, geometry, properties }); // prettier-ignore
const at = (...coordinates: number[]) => ({ type: "Point", coordinates });

describe("a GeoJSON file as it develops", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline("sites.geojson")));
  const rows = (select: string) => timeline.query(`SELECT ${select} FROM GeoSites.Sites ORDER BY UserLabel`);

  it("makes an element of each feature", async () => {
    const first = feature("a", at(8, 50), { name: "x", n: 1, tags: ["p", { q: 1 }], gone: null });
    const second = feature("b", null, { name: "y", n: 2.5, late: true });
    expect(await timeline.sync(collection(first, second))).to.deep.equal([2, 0, 0]);
    expect(rows("UserLabel, name, n, tags, late")).to.deep.equal([
      { userLabel: "a", name: "x", n: 1, tags: '["p",{"q":1}]' },
      { userLabel: "b", name: "y", n: 2.5, late: true },
    ]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    expect(await timeline.sync(collection(second, { ...first, properties: { name: "z" } }))).to.deep.equal([0, 1, 0]);
    expect(await timeline.sync(collection(second, feature("c", at(8.1, 50))))).to.deep.equal([1, 0, 1]);
  });

  it("draws all geometries, the areas of the Earth", async () => {
    const size = 0.01;
    const polygonOf = (...coordinates: unknown[]) => ({ type: "Polygon", coordinates });
    await timeline.sync(
      collection(
        feature("1", polygonOf(ring(8, 50, size), ring(8.002, 50.002, 0.002))),
        feature("2", { type: "MultiPolygon", coordinates: [[ring(8, 50, size)], [ring(9, 50, size).reverse()]] }),
        feature("3", { type: "GeometryCollection", geometries: [at(8, 50), { type: "MultiPoint", coordinates: [[8, 50], [8, 51]] }] }), // prettier-ignore
        feature("4", { type: "MultiLineString", coordinates: [[[8, 50, 3], [8, 50, 7]], [[8, 50], [8, 50.1]]] }), // prettier-ignore
      ),
    );
    const drawn = timeline.draw();
    const whole = areaOnEarth(50, size);
    expect(drawn[0]!.area / (whole - areaOnEarth(50.002, 0.002))).to.be.closeTo(1, 1e-6);
    expect(drawn[1]!.area / (2 * whole)).to.be.closeTo(1, 1e-5);
    expect(drawn[2]!.points).to.have.length(3);
    expect(drawn[3]!.lines[0]![0]!.distance(drawn[3]!.lines[0]![1]!)).to.be.closeTo(4, 1e-9);
  });

  it("takes a feature or a geometry alone, in the coordinate system that it names", async () => {
    await timeline.sync(JSON.stringify(feature(7, at(8, 50))));
    expect(rows("UserLabel")).to.deep.equal([{ userLabel: "7" }]);
    const crs = { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::32632" } };
    await timeline.sync(JSON.stringify({ ...at(428_000, 5_539_000), crs }));
    expect(rows("UserLabel")).to.deep.equal([{ userLabel: "1" }]);
    expect(timeline.draw()[0]!.points[0]!.magnitude()).to.be.lessThan(1000);
  });

  it("takes names as they come", async () => {
    const properties = JSON.parse(
      `{ "__proto__": 1, "constructor": 2, "😀": 3, "${"x".repeat(10_000)}": 4 }`,
    ) as object;
    await timeline.sync(collection(feature("a", null, properties)));
    const props = timeline.read((imodel) => imodel.getSchemaProps("GeoSites").items!.Sites) as unknown as { properties: { label: string }[] }; // prettier-ignore
    expect(props.properties.map(({ label }) => label)).to.deep.equal(Object.keys(properties));
  });

  it("takes the members of a collection in any order, and those that it does not know", async () => {
    const features = JSON.stringify([feature("a", at(8, 50), { n: 1 }), feature("b", at(9, 50), { n: 2 })]);
    const around = '"features":[{"n":3}],"list":[[{"features":[{}]}]]';
    await timeline.sync(`{"crs":null,"features":${features},"other":{${around}},"type":"FeatureCollection"}`);
    expect(rows("UserLabel, n")).to.deep.equal([
      { userLabel: "a", n: 1 },
      { userLabel: "b", n: 2 },
    ]);
  });

  it("is known by the attribute that a mapping names, even where features have identifiers", async () => {
    timeline.args = { mapping: { tables: { sites: { class: "Site", id: "name" } } } };
    const before = [feature(1, at(8, 50), { name: "x" }), feature(2, at(9, 50), { name: "y" })];
    expect(await timeline.sync(collection(...before))).to.deep.equal([2, 0, 0]);
    const identifiers = "SELECT Identifier FROM bis.ExternalSourceAspect WHERE Checksum IS NOT NULL AND Kind='sites'";
    expect(timeline.query(identifiers).map(({ identifier }) => identifier)).to.have.members(["x", "y"]);
  });

  it("says in which line the text is no JSON", async () => {
    const error = await timeline.refusal('{\n"type": "FeatureCollection",\n"features": [\n{ "id": 1 },\n{ id: 2 }\n]}');
    expect(error.source).to.include({ line: 5 });
  });

  const refused: Record<string, [content: string, code: string, says?: string]> = {
    "an empty file": ["", "not-geojson"],
    "no JSON": ["{ type: 1", "not-geojson"],
    "a list": ["[]", "not-geojson"],
    "no type": ["{}", "not-geojson"],
    "nothing but values that are no features": ['{"type":"FeatureCollection","features":[1,null,"x",[],[{}]]}', "no-rows"],
    "features that are an object": ['{"type":"FeatureCollection","features":{"a":{}}}', "not-geojson"],
    "two roots": [collection(feature("a", at(8, 50))) + "{}", "not-geojson"],
    "a key twice": ['{"type":"FeatureCollection","features":[{"id":1,"properties":{"n":1,"n":2}}]}', "duplicate-key"],
    "no features": [collection(), "no-rows"],
    "an unknown geometry": [collection(feature("a", { type: "Circle" })), "bad-feature", "Circle"],
    "a position of texts": [collection(feature("a", { type: "Point", coordinates: ["8", "50"] })), "bad-feature", "position"],
    "a polygon of positions": [collection(feature("a", { type: "Polygon", coordinates: [[8, 50]] })), "bad-feature"],
    "a position beyond double": [collection(feature("a", at(8, 50))).replace("8,", "1e999,"), "bad-feature", "position"],
    "a NUL": [collection(feature("a", null, { n: "\0" })), "nul-character", "NUL"],
    "an id twice": [collection(feature("a", null, { n: 1 }), feature("a", null)), "duplicate-id"],
    "an empty key": [collection(feature("a", null, { "": 1 })), "unnamed-column"],
    "a position beyond the Earth": [collection(feature("a", at(500, 700))), "places/out-of-range"],
  }; // prettier-ignore
  for (const [name, [content, code, says = ""]] of Object.entries(refused))
    it(`is refused: ${name}`, async () => {
      await timeline.sync(collection(feature("a", at(8, 50))));
      const before = timeline.content;
      const error = await timeline.refusal(content);
      expect(error.code, error.message).to.equal(code.includes("/") ? code : `geospatial/${code}`);
      expect(error.message).to.contain(says);
      expect(timeline.content).to.equal(before);
    });
  const others: Record<string, [file: string, start: string | Uint8Array, says: string]> = {
    "a GeoPackage": ["sites.gpkg", "SQLite format 3\0\u0010\0", "GeoPackage"],
    "a FlatGeobuf": ["sites.fgb", Buffer.from("66676203666762015c0000000c", "hex"), "FlatGeobuf"],
    KML: ["sites.kml", '<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"></kml>', "KML"],
    "GML with a byte order mark": ["sites.gml", '\ufeff<c xmlns:gml="http://www.opengis.net/gml/3.2"/>', "GML"],
    "other XML": ["sites.xml", "<osm></osm>", "XML"],
    "the .dbf of a shapefile": ["sites.dbf", Buffer.from("037b0101e0000000", "hex"), "a part of a shapefile"],
    TopoJSON: ["sites.json", '{"type":"Topology","objects":{},"arcs":[]}', "Topology"],
  };
  for (const [name, [file, start, says]] of Object.entries(others))
    it(`is refused by the name of its format: ${name}`, async () => {
      timeline.file = file;
      const { code, message, advice } = await timeline.refusal(start);
      expect(code).to.equal("geospatial/not-geojson");
      expect(message).to.contain(says);
      expect(advice).to.match(/ogr2ogr|sites\.shp/);
    });

  for (const file of ["sites.geojson.gz", "sites.zip"])
    it(`is refused because it is compressed: ${file}`, async () => {
      timeline.file = file;
      const start = file.endsWith("gz") ? gzipSync("{}") : "PK\u0003\u0004";
      expect((await timeline.refusal(start)).code).to.equal("geospatial/compressed");
    });
});

/** The area between two parallels and two meridians on the ellipsoid, in square metres. */
function areaOnEarth(south: number, size: number): number {
  const [a, e2] = [6_378_137, 0.00669437999014];
  const e = Math.sqrt(e2);
  const q = (degrees: number) => {
    const s = Math.sin((degrees * Math.PI) / 180);
    return (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e);
  };
  return ((a * a) / 2) * (q(south + size) - q(south)) * ((size * Math.PI) / 180);
}
