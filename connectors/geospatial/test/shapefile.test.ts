import { Cartographic, type GeometricElement3dProps } from "@itwin/core-common";
import { Point3d, type ParityRegion } from "@itwin/core-geometry";
import { expect } from "chai";
import proj4 from "proj4";
import GeospatialConnector, { getConnectorInstance } from "../src/index.js";
import { californiaFeet, dbf, hole, line, nothing, point, polygon, shp, shx, square, utm10 } from "./shapefiles.js";
import { areaOf, ShapefileTimeline } from "./support.js";

const east = 551_000;
const north = 4_180_000;

describe("a shapefile as it develops", () => {
  let timeline: ShapefileTimeline;
  beforeEach(() => (timeline = new ShapefileTimeline()));
  const rows = (select: string) => timeline.query(`SELECT ${select} FROM GeoSites.Sites ORDER BY UserLabel`);

  it("makes an element of each record, with its attributes", async () => {
    const fields = [["id", "C", 8], ["name", "C", 20], ["area", "N", 12, 3], ["count", "N", 6], ["built", "D", 8], ["open", "L", 1]] as const; // prettier-ignore
    timeline.writeShapefile(
      [polygon(square(east, north, 10)), polygon(square(east + 20, north, 10)), nothing],
      [["a", "Grüße 😀", "100.125", "7", "20240229", "T"], ["b", "", "******", "-3", "", "?"], ["c", "none", "", "", "00000000", "F"]], // prettier-ignore
      fields.map(([...field]) => field as [string, string, number]),
    );
    expect(await timeline.sync()).to.deep.equal([3, 0, 0]);
    expect(rows("UserLabel, name, area, count_, built, [open]")).to.deep.equal([
      { userLabel: "a", name: "Grüße 😀", area: 100.125, count_: 7, built: "2024-02-29", open: true },
      { userLabel: "b", count_: -3 },
      { userLabel: "c", name: "none", open: false },
    ]);
    expect(timeline.draw().map(({ area }) => Math.round(area * 1e6) / 1e6)).to.deep.equal([100, 100, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
  });

  it("writes what changed, wherever a record stands, and stays where it is as it grows", async () => {
    const shapes = [point(east, north), point(east + 10, north), point(east, north + 10)];
    timeline.writeShapefile(shapes, [["a"], ["b"], ["c"]]);
    expect(await timeline.sync()).to.deep.equal([3, 0, 0]);
    const before = timeline.draw();
    timeline.writeShapefile([...shapes.slice(1), point(east + 5000, north)], [["b"], ["c"], ["d"]]);
    expect(await timeline.sync()).to.deep.equal([1, 0, 1]);
    const after = timeline.draw();
    expect(after.map(({ label }) => label)).to.deep.equal(["b", "c", "d"]);
    for (const index of [0, 1]) expect(after[index]!.points[0]!.distance(before[index + 1]!.points[0]!)).to.equal(0);
    expect(after[2]!.points[0]!.distance(after[0]!.points[0]!)).to.be.closeTo(4990, 1e-6);
    timeline.writeShapefile([point(east + 11, north), ...shapes.slice(2), point(east + 5000, north)], [["b"], ["c"], ["d"]]); // prettier-ignore
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    const aspects = timeline.query(
      "SELECT Kind, Identifier FROM bis.ExternalSourceAspect WHERE Kind='Sites' ORDER BY Identifier",
    );
    expect(aspects).to.deep.equal(["b", "c", "d"].map((identifier) => ({ kind: "Sites", identifier })));
  });

  it("notices a change in any of its files", async () => {
    timeline.writeShapefile([point(east, north)], [["a"]]);
    await timeline.sync();
    timeline.write(dbf([["id", "C", 10], ["x", "N", 4]], [["a", "3"]]), "sites.dbf"); // prettier-ignore
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    timeline.write(utm10.replace("-123.0", "-122.0"), "sites.prj");
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    timeline.write("UTF-8", "sites.cpg");
    expect((await timeline.result()).documents.unchanged).to.equal(0);
    expect((await timeline.result()).documents.unchanged).to.equal(1);
  });

  it("identifies records by their numbers where no column does", async () => {
    timeline.writeShapefile([point(east, north), point(east, north)], [["a"], ["a"]], [["name", "C", 9]]);
    await timeline.sync();
    expect(rows("UserLabel, name")).to.deep.equal([{ userLabel: "1", name: "a" }, { userLabel: "2", name: "a" }]); // prettier-ignore
    timeline.writeShapefile([point(east, north), point(east, north)], [["0"], ["0"]], [["ID", "N", 9]]);
    expect((await timeline.refusal()).code).to.equal("geospatial/duplicate-id");
    timeline.args = { idByRecord: true };
    expect(await timeline.sync()).to.deep.equal([0, 2, 0]);
    expect(rows("UserLabel, ID_").map(({ userLabel, iD_ }) => ({ userLabel, iD: iD_ }))).to.deep.equal([{ userLabel: "1", iD: 0 }, { userLabel: "2", iD: 0 }]); // prettier-ignore
  });

  it("draws polygons with holes, parts and islands, whatever the direction of lonely rings", async () => {
    const shapes = [
      polygon(square(east, north, 10), hole(east + 2, north + 2, 4)),
      polygon(hole(east + 3, north + 3, 3), square(east, north, 10), square(east + 20, north, 5), square(east + 4, north + 4, 1)),
      polygon(hole(east, north, 10)),
    ]; // prettier-ignore
    timeline.writeShapefile(shapes, [["a"], ["b"], ["c"]]);
    await timeline.sync();
    const drawn = timeline.draw();
    const areas = [100 - 16, 100 - 9 + 25 + 1, 100];
    drawn.forEach(({ area }, index) => expect(area).to.be.closeTo(areas[index]!, areas[index]! * 1e-9));
    expect(drawn.map(({ rings }) => rings)).to.deep.equal([[1, 1], [3, 1], [1, 0]]); // prettier-ignore
    const region = drawn[0]!.regions[0] as ParityRegion;
    const turns = region.children.map((loop) => Math.sign(areaOf(loop)));
    expect(turns, "counterclockwise around, clockwise within").to.deep.equal([1, -1]);
  });

  it("draws lines and points, with heights", async () => {
    timeline.writeShapefile([line([[east, north, 5], [east + 3, north + 4, 5]], [[east, north, 1], [east, north, 9]])], [["a"]]); // prettier-ignore
    await timeline.sync();
    const { lines } = timeline.draw()[0]!;
    expect(lines.map(([from, to]) => Math.round(from!.distance(to!) * 1e9) / 1e9)).to.deep.equal([5, 8]);
    expect(lines[0]![0]!.z).to.equal(5);
    timeline.writeShapefile([{ type: 8, parts: [[[east, north], [east + 1, north]]] }], [["a"]]); // prettier-ignore
    await timeline.sync();
    expect(timeline.draw()[0]!.points).to.have.length(2);
    timeline.writeShapefile([nothing], [["a"]]);
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    expect(timeline.draw()[0]!.points).to.be.empty;
  });

  it("takes shapes with measures and without", async () => {
    const parts = [[[east, north, 1], [east + 3, north + 4, 1]]]; // prettier-ignore
    const measures = [0, 9, 4, 5];
    for (const type of [13, 23])
      for (const rest of [[], measures]) {
        timeline.writeShapefile([{ type, parts, rest }, nothing], [["a"], ["b"]]);
        await timeline.sync();
        expect(timeline.draw()[0]!.lines[0]).to.have.length(2);
      }
    for (const [type, rest] of [
      [1, []],
      [21, []],
      [21, [7]],
      [11, []],
      [8, []],
      [28, measures],
      [18, measures],
    ] as const) {
      timeline.writeShapefile(
        [{ type, parts: type % 10 === 1 ? [[[east, north, 1]]] : parts, rest: [...rest] }],
        [["a"]],
      );
      await timeline.sync();
      expect(timeline.draw()[0]!.points).to.have.length(type % 10 === 1 ? 1 : 2);
    }
  });

  it("lies where it is on the Earth, in metres and in feet, and keeps its areas", async () => {
    for (const [prj, corner, metres] of [
      [utm10, [east, north], 1],
      [californiaFeet, [6_012_009, 2_082_928], 1200 / 3937],
    ] as const) {
      timeline = new ShapefileTimeline();
      const [x, y] = corner;
      timeline.writeShapefile([polygon(square(x, y, 1000))], [["a"]], undefined, prj);
      await timeline.sync();
      const [{ area, regions }] = timeline.draw() as [ReturnType<typeof timeline.draw>[number]];
      expect(area / (1000 * metres) ** 2).to.be.closeTo(1, 1e-9);
      expect(regions).to.have.length(1);
      const [longitude, latitude] = proj4(prj, "WGS84").forward([x, y]) as [number, number];
      const expected = Cartographic.fromDegrees({ longitude, latitude, height: 0 }).toEcef();
      const found = timeline.read((imodel) => {
        const [id] = [...imodel.queryEntityIds({ from: "GeoSites.Sites" })];
        const { placement } = imodel.elements.getElementProps<GeometricElement3dProps>(id!);
        return imodel.spatialToEcef(Point3d.fromJSON(placement!.origin));
      });
      expect(found.distance(expected), "metres between the two").to.be.lessThan(0.1);
    }
  });

  it("respects the place that an iModel has", async () => {
    timeline.writeShapefile([point(east, north)], [["a"]]);
    await timeline.sync();
    const location = timeline.read((imodel) => JSON.stringify(imodel.ecefLocation));
    timeline.file = "sites.geojson";
    const [longitude, latitude] = proj4(utm10, "WGS84").forward<[number, number]>([east + 100, north]);
    timeline.args = { className: "Other" };
    await timeline.sync(JSON.stringify({ type: "Point", coordinates: [longitude, latitude] }));
    expect(timeline.read((imodel) => JSON.stringify(imodel.ecefLocation))).to.equal(location);
    const [other] = timeline.draw("GeoOther.Other");
    const [site] = timeline.draw();
    const [away] = [other!.points[0]!.minus(site!.points[0]!)];
    expect(away.x).to.be.closeTo(100, 1e-3);
    expect(away.y).to.be.closeTo(0, 1e-3);
  });

  it("stays nowhere where that is asked for", async () => {
    timeline.write(shp([polygon(square(1, 2, 3))]));
    timeline.write(dbf([["id", "C", 3]], [["a"]]), "sites.dbf");
    timeline.args = { crs: "local", units: "km" };
    const { issues } = await timeline.result();
    expect(issues.map(({ code }) => code)).to.deep.equal(["geospatial/no-shx"]);
    expect(timeline.draw()[0]!.area).to.be.closeTo(9e6, 1e-3);
    expect(timeline.read((imodel) => imodel.isGeoLocated)).to.equal(false);
  });

  it("knows the encodings of attributes", async () => {
    const text = Buffer.from("Gr\xfc\xdfe", "latin1") as unknown as string;
    timeline.writeShapefile([point(east, north)], [["a"]]);
    const fields: [string, string, number][] = [["id", "C", 3], ["t", "C", 9]]; // prettier-ignore
    timeline.write(dbf(fields, [["a", text]]), "sites.dbf");
    const error = await timeline.refusal();
    expect(error.code).to.equal("geospatial/encoding");
    expect(error.source).to.include({ entity: "record 1", cell: "t" });
    for (const codePage of ["1252", "ANSI 1252", "ISO 88591", "windows-1252"]) {
      timeline.write(codePage, "sites.cpg");
      await timeline.sync();
      expect(rows("t")).to.deep.equal([{ t: "Grüße" }]);
    }
    timeline.write("EBCDIC", "sites.cpg");
    expect((await timeline.refusal()).message).to.contain("EBCDIC");
    timeline.args = { encoding: "latin1" };
    await timeline.sync();
    timeline.write("", "sites.cpg");
    timeline.args = undefined;
    timeline.write(dbf(fields, [["a", text]], { mark: 0x57 }), "sites.dbf");
    await timeline.sync();
    expect(rows("t")).to.deep.equal([{ t: "Grüße" }]);
  });

  it("leaves out what is deleted or kept elsewhere, and says so", async () => {
    const shapes = [point(east, north), point(east, north)];
    timeline.writeShapefile(shapes, [["a"], ["b"]]);
    timeline.write(dbf([["id", "C", 3], ["memo", "M", 10]], [["a", "1"], ["b", "2"]], { deleted: [0] }), "sites.dbf"); // prettier-ignore
    const { issues, elements } = await timeline.result();
    expect(elements.inserted).to.equal(1);
    expect(issues.map(({ message }) => message)).to.deep.equal([
      "The attribute memo is left out: fields of type M are kept elsewhere.",
      "1 records are left out, because the .dbf marks them as deleted.",
    ]);
    expect(shx(shapes)).to.have.length(116);
  });

  it("says which shapes have no extent", async () => {
    timeline.writeShapefile([line([[east, north]]), line([[east, north], [east, north + 1]])], [["a"], ["b"]]); // prettier-ignore
    const { issues, elements } = await timeline.result();
    expect(elements.inserted).to.equal(2);
    expect(issues.map(({ message }) => message)).to.deep.equal([
      "1 shape without extent, first at record 1: the element has no geometry.",
    ]);
  });

  it("tells who it is", () => {
    const connector = getConnectorInstance();
    expect(connector).to.be.instanceOf(GeospatialConnector);
    expect(connector.getConnectorName()).to.equal("Geospatial");
  });
});
