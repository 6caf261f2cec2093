import { Cartographic, type Placement3dProps } from "@itwin/core-common";
import { Point3d, PolyfaceQuery, IndexedPolyface } from "@itwin/core-geometry";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { GeometryStreamIterator } from "@itwin/core-common";
import type { GeometricElement3d } from "@itwin/core-backend";
import { writeGrid } from "../../../test/places/support/writeGrid.js";
import { query } from "../../../test/support/iModels.js";
import { point, polygon } from "./shapefiles.js";
import { ShapefileTimeline } from "./support.js";

type Degrees = [longitude: number, latitude: number];

const esri = (name: string, geographic: string, projection: string, parameters: string) =>
  `PROJCS["${name}",${geographic},PROJECTION["${projection}"],${parameters},UNIT["Meter",1.0]]`;
const degrees = 'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
const bessel = 'SPHEROID["Bessel_1841",6377397.155,299.1528128]]';
const rd = 'PARAMETER["False_Easting",155000.0],PARAMETER["False_Northing",463000.0],PARAMETER["Central_Meridian",5.38763888888889],PARAMETER["Scale_Factor",0.9999079],PARAMETER["Latitude_Of_Origin",52.1561605555556]'; // prettier-ignore
const lambert = 'PARAMETER["False_Easting",600000.0],PARAMETER["False_Northing",2200000.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",52.0],PARAMETER["Scale_Factor",0.99987742],PARAMETER["Latitude_Of_Origin",52.0]'; // prettier-ignore
const amersfoort = `GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort",${bessel},${degrees}`;
const unnamed = amersfoort.replaceAll("Amersfoort", "Of_The_Office");

/** Texts of a .prj, a position, and where PROJ has it (cs2cs, without grids). */
const places: Record<string, [prj: string, position: [number, number], right: Degrees, issues?: string[]]> = {
  "in the Netherlands, on an older datum": [esri("RD_New", amersfoort, "Double_Stereographic", rd), [121_000, 487_000], [4.8879708, 52.3698262]], // prettier-ignore
  "a kilometre to the east of it": [esri("RD_New", amersfoort, "Double_Stereographic", rd), [122_000, 487_000], [4.9026536, 52.3698872]], // prettier-ignore
  "in a system whose name is not known, but its datum": [esri("Mine", amersfoort, "Double_Stereographic", rd), [121_000, 487_000], [4.8879708, 52.3698262]], // prettier-ignore
  "in a system whose datum is known by its projection alone": [esri("Mine", unnamed, "Double_Stereographic", rd), [121_000, 487_000], [4.8879708, 52.3698262]], // prettier-ignore
  "in grads from Paris": [
    esri("NTF_Paris_Lambert_Zone_II", 'GEOGCS["GCS_NTF_Paris",DATUM["D_NTF",SPHEROID["Clarke_1880_IGN",6378249.2,293.4660212936265]],PRIMEM["Paris",2.337229166666667],UNIT["Grad",0.01570796326794897]]', "Lambert_Conformal_Conic", lambert), // prettier-ignore
    [600_000, 2_427_000],
    [2.3365058, 48.8413591],
    ["places/accuracy"],
  ],
  "without a latitude of origin": [
    'PROJCS["custom",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["central_meridian",-120.5],PARAMETER["standard_parallel_1",43],PARAMETER["standard_parallel_2",45.5],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["Meter",1]]', // prettier-ignore
    [0, 5_000_000],
    [-120.5, 40.8535726],
    ["places/missing-parameter"],
  ],
};

/** A point in a file of GeoJSON. */
const feature = (id: string, coordinates: unknown, type = "Point") => ({
  type: "Feature",
  properties: { id },
  geometry: { type, coordinates },
});
const collection = (...features: object[]) => JSON.stringify({ type: "FeatureCollection", features });

/** A timeline whose elements can be asked for their places. */
class PlacedTimeline extends ShapefileTimeline {
  /** Longitude, latitude and height of the origins of all elements, in the order of their labels. */
  public places(): [longitude: number, latitude: number, height: number][] {
    return this.read((imodel) =>
      query(imodel, "SELECT Origin origin FROM bis.GeometricElement3d ORDER BY UserLabel").map(({ origin }) => {
        const place = Cartographic.fromEcef(
          imodel.spatialToEcef(Point3d.fromJSON(origin as Placement3dProps["origin"])),
        )!;
        return [place.longitudeDegrees, place.latitudeDegrees, place.height];
      }),
    );
  }

  /** Earth-centred coordinates of the origins of all elements. */
  public ecef(): Point3d[] {
    return this.read((imodel) =>
      query(imodel, "SELECT Origin origin FROM bis.GeometricElement3d ORDER BY UserLabel").map(({ origin }) =>
        imodel.spatialToEcef(Point3d.fromJSON(origin as Placement3dProps["origin"])),
      ),
    );
  }
}

/** Metres between two places that are near each other. */
function metres([longitude, latitude]: readonly number[], right: Degrees): number {
  const turn = (longitude! - right[0]) * Math.cos((right[1] * Math.PI) / 180);
  return Math.hypot(turn, latitude! - right[1]) * 111_195;
}

describe("the places of features", () => {
  for (const [name, [prj, position, right, issues = []]] of Object.entries(places))
    it(`are where PROJ has them: ${name}`, async () => {
      const timeline = new PlacedTimeline();
      timeline.writeShapefile([point(...position)], [["a"]], undefined, prj);
      const result = await timeline.result();
      expect(metres(timeline.places()[0]!, right)).to.be.below(0.1);
      expect(result.issues.map(({ code }) => code)).to.deep.equal(issues);
    });

  it("are refused on a datum that is not known, unless the user allows it", async () => {
    const timeline = new PlacedTimeline();
    const prj = esri("Mine", unnamed, "Transverse_Mercator", 'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",6.5],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0]'); // prettier-ignore
    timeline.writeShapefile([point(500_000, 5_500_000)], [["a"]], undefined, prj);
    const error = await timeline.refusal();
    expect(error.code).to.equal("places/unknown-datum");
    expect(error.message).to.contain("Of_The_Office");
    expect(error.source?.file).to.equal("sites.prj");
    timeline.args = { allowUnknownDatum: true };
    const { issues } = await timeline.result();
    expect(issues.map(({ code }) => code)).to.include("places/unknown-datum");
  });

  for (const [name, [west, east]] of Object.entries({
    "on both sides of the antimeridian": [179.9, -179.9],
    "west of it": [179.7, 179.9],
    "east of it": [-179.9, -179.7],
  }))
    it(`are as far apart as on the Earth: ${name}`, async () => {
      const timeline = new PlacedTimeline("sites.geojson");
      await timeline.sync(collection(feature("a", [west, -17]), feature("b", [east, -17])));
      const [a, b] = timeline.ecef();
      expect(a!.distance(b!)).to.be.closeTo(21_297.16, 0.1);
      expect(metres(timeline.places()[1]!, [east!, -17])).to.be.below(0.05);
      expect(timeline.places()[1]![2], "height").to.be.closeTo(8.9, 0.1);
    });

  it("are those of all systems in one iModel", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    timeline.args = { crs: "EPSG:25832" };
    await timeline.sync(collection(feature("a", [293_000, 5_627_000]), feature("b", [293_100, 5_627_000])));
    timeline.file = "sites.shp";
    timeline.args = { crs: "EPSG:28992" };
    timeline.writeShapefile([point(197_000, 308_000)], [["c"]]);
    const { issues } = await timeline.result();
    expect(issues).to.deep.equal([]);
    const [, , c] = timeline.places();
    expect(metres(c!, [5.9824181, 50.7604114])).to.be.below(0.1);
    expect(c![2]).to.be.below(10);
  });

  it("are exact where a flat map would not be, and refused at the other end of the world", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    await timeline.sync(collection(feature("a", [9, 48])));
    timeline.file = "sites.shp";
    timeline.args = { crs: "EPSG:25833" };
    timeline.writeShapefile([point(390_000, 5_820_000)], [["b"]]);
    const { issues } = await timeline.result();
    expect(issues.map(({ code }) => code)).to.deep.equal(["places/curved"]);
    expect(metres(timeline.places()[1]!, [13.37881177, 52.518995313])).to.be.below(0.01);
    expect(timeline.places()[1]![2]).to.be.closeTo(0, 1e-3);
    timeline.args = { crs: "EPSG:4326" };
    timeline.writeShapefile([point(0, 0)], [["b"]]);
    const error = await timeline.refusal();
    expect(error.code).to.equal("places/too-far");
    expect(error.source?.file).to.contain("sites.shp");
  });

  it("move with the coordinate system, and only then", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    const content = collection(feature("a", [500_000, 5_400_000]), feature("b", [500_010, 5_400_000]));
    timeline.args = { crs: "EPSG:25832" };
    await timeline.sync(content);
    timeline.args = { crs: "EPSG:32632" };
    expect(await timeline.sync()).to.deep.equal([0, 2, 0]);
    timeline.args = { crs: "EPSG:23032" };
    expect(await timeline.sync()).to.deep.equal([0, 2, 0]);
    expect(metres(timeline.places()[0]!, [8.9988759, 48.7512079]), "one of several shifts of a metre").to.be.below(1);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
  });

  it("are right once a wrong coordinate system is corrected, however far away the first one was", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    const content = collection(feature("a", [500_000, 5_400_000]), feature("b", [500_010, 5_400_000]));
    for (const [crs, longitude] of [
      ["EPSG:32610", -123],
      ["EPSG:25833", 15],
      ["EPSG:25832", 9],
    ] as const) {
      timeline.args = { crs };
      const { issues, counts } = await timeline.result(content);
      expect(counts.changed + counts.new, crs).to.equal(2);
      expect(issues, crs).to.deep.equal([]);
      expect(metres(timeline.places()[0]!, [longitude, 48.753013])).to.be.below(0.1);
      expect(timeline.read((imodel) => imodel.projectExtents.low.magnitude())).to.be.below(1000);
    }
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
  });

  it("follow the shift that the text of a system has", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    const content = collection(feature("a", [500_000, 5_400_000]));
    const text = (shift: string) => `+proj=utm +zone=32 +ellps=bessel +towgs84=${shift} +units=m`;
    timeline.args = { crs: text("598.1,73.7,418.2,0.202,0.045,-2.455,6.7") };
    await timeline.sync(content);
    const [before] = timeline.ecef();
    timeline.args = { crs: text("698.1,73.7,418.2,0.202,0.045,-2.455,6.7") };
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    expect(timeline.ecef()[0]!.distance(before!)).to.be.closeTo(100, 35);
  });

  it("follow a grid that comes, and one that goes", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    timeline.args = { crs: "EPSG:31467" };
    await timeline.sync(collection(feature("a", [3_500_000, 5_400_000])));
    const [before] = timeline.ecef();
    const grids = temporaryFolder();
    const shift = () => [-3.5, 4] as const;
    writeGrid(join(grids, "beta2007.gsb"), "DHDN90", { west: 8, south: 47, step: 1, columns: 3, rows: 4, shift });
    expect(await timeline.sync(undefined, { grids })).to.deep.equal([0, 1, 0]);
    const [there] = timeline.places();
    const right: Degrees = [9 - 4 / 3600, 48.738542 - 3.5 / 3600];
    expect(metres(there!, right)).to.be.below(0.5);
    expect(await timeline.sync(undefined, { grids })).to.deep.equal([0, 0, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 1, 0]);
    expect(timeline.ecef()[0]!.distance(before!)).to.be.below(0.01);
  });

  it("do not depend on one that is far away by mistake", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    timeline.args = { crs: "EPSG:25832" };
    const right = [feature("a", [500_000, 5_400_000]), feature("b", [500_010, 5_400_000])];
    const { issues } = await timeline.result(collection(...right, feature("c", [0, 0])));
    expect(issues.map(({ code }) => code)).to.include("places/outside-area");
    expect(issues.find(({ code }) => code === "places/outside-area")?.message).to.contain("such as 3.");
    const [a] = timeline.places();
    expect(metres(a!, [9, 48.753013])).to.be.below(0.01);
    expect(a![2], "height").to.be.closeTo(0, 0.001);
  });

  it("are reported where a grid has no value for them", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    timeline.args = { crs: "EPSG:25832" };
    await timeline.sync(collection(feature("z", [500_000, 5_400_000])));
    const grids = temporaryFolder();
    const square = { south: 48, step: 0.25, columns: 2, rows: 5, shift: () => [-3.5, 4] as const };
    writeGrid(join(grids, "beta2007.gsb"), "DHDN90", { ...square, name: "W", west: 8.5 }, { ...square, name: "M", west: 8.875 }, { ...square, name: "E", west: 9.25 }); // prettier-ignore
    timeline.file = "sites.shp";
    timeline.args = { crs: "EPSG:31467" };
    const east = [3_480_000, 3_500_000, 3_513_300, 3_530_000];
    timeline.writeShapefile(east.map((x) => point(x, 5_400_000)), [["a"], ["b"], ["c"], ["d"]]); // prettier-ignore
    const { issues } = await timeline.result(undefined, { grids });
    expect(issues.find(({ code }) => code === "places/outside-grid")?.message).to.contain("Some positions");
  });

  it("say that coordinates without a place are in an iModel that has one", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    await timeline.sync(collection(feature("a", [9, 48])));
    timeline.file = "sites.shp";
    timeline.args = { crs: "local" };
    timeline.writeShapefile([point(1, 2)], [["b"]]);
    expect((await timeline.result()).issues.map(({ code }) => code)).to.deep.equal(["places/local"]);
  });

  it("are refused in metres without a coordinate system, with the reason", async () => {
    const timeline = new PlacedTimeline("sites.geojson");
    timeline.write(collection(feature("a", [500_000, 5_400_000])));
    const error = await timeline.refusal();
    expect(error.code).to.equal("places/out-of-range");
    expect(error.advice).to.contain("They look like metres");
    expect(error.source?.file).to.contain("sites.geojson");
  });

  it("have the heights of their corners, flat or not", async () => {
    const timeline = new PlacedTimeline();
    const [x, y] = [551_000, 4_180_000];
    const slope = [[x, y, 1], [x, y + 10, 2], [x + 10, y + 10, 5], [x + 10, y, 3], [x, y, 1]]; // prettier-ignore
    const plain = slope.map(([east, north]) => [east!, north!, 4]);
    const nearlyPlain = slope.map(([east, north], index) => [east!, north!, 4 + (index % 2) * 0.0001]);
    timeline.writeShapefile([polygon(slope), polygon(plain), polygon(nearlyPlain)], [["a"], ["b"], ["c"]]);
    await timeline.sync();
    const surfaces = timeline.read((imodel) =>
      query(imodel, "SELECT ECInstanceId id FROM GeoSites.Sites ORDER BY UserLabel").map(({ id }) => {
        const element = imodel.elements.getElement<GeometricElement3d>({ id: id as string, wantGeometry: true });
        const [entry] = [...new GeometryStreamIterator(element.geom!)];
        const { primitive } = entry!;
        const polyface = primitive.type === "geometryQuery" ? primitive.geometry : undefined;
        return polyface instanceof IndexedPolyface ? { range: polyface.range(), area: PolyfaceQuery.sumFacetAreas(polyface) } : undefined; // prettier-ignore
      }),
    );
    expect(surfaces[0]!.range.zLength()).to.be.closeTo(4, 1e-9);
    expect(surfaces[0]!.area).to.be.within(100, 120);
    expect(surfaces.slice(1)).to.deep.equal([undefined, undefined]);
  });
});

/** Small files of other people, which are not part of the project, with the place of the first vertex by PROJ. */
const fieldCases = fileURLToPath(new URL("../../../../shared/field/tables/geo", import.meta.url));
const firstVertices: Record<string, Degrees> = {
  "antimeridian.geojson": [179.9, -17],
  "arcgis-id-zero.shp": [11, 48],
  "compound.shp": [-122.4323083, 37.7659598],
  "crs-link.geojson": [11, 48],
  "crs25832.geojson": [11.5675012, 48.1395583],
  "dhdn.shp": [8.6774598, 50.103777],
  "ed50.shp": [2.1618909, 41.3666196],
  "gda94.shp": [144.9553722, -37.8036586],
  "lambert2e.shp": [2.3365057, 48.8503465],
  "lambert93.shp": [2.345812, 48.8562481],
  "lcc-no-origin.shp": [-123.7188636, 41.2556161],
  "lv03.shp": [8.5375049, 47.3686138],
  "lv95.shp": [8.5375049, 47.3686138],
  "osgb.shp": [-0.3019123, 51.4631652],
  "rdnew.shp": [4.887971, 52.3698262],
  "texas-ft.shp": [-95.3702981, 29.7551836],
  "webmerc.shp": [11.5882672, 48.1389357],
};

/** What the advice of these files' errors says. */
const fieldOptions: Record<string, object> = {
  "arcgis-id-zero.shp": { idByRecord: true },
  "crs-link.geojson": { crs: "EPSG:4326" },
};

describe("the places of files that went wrong for users", () => {
  before(function () {
    if (existsSync(fieldCases)) return;
    console.log("Skipped: the files are not here.");
    this.skip();
  });

  for (const [file, right] of Object.entries(firstVertices))
    it(`are right: ${file}`, async () => {
      const timeline = new PlacedTimeline(file);
      const name = file.replace(/\.\w+$/, ".");
      const parts = readdirSync(fieldCases).filter((each) => each.startsWith(name) && each !== file);
      timeline.copy(...[...parts, file].map((each) => join(fieldCases, each)));
      timeline.args = fieldOptions[file];
      const { issues } = await timeline.result();
      const isDoubtful = issues.some(({ code }) => code === "places/accuracy");
      const nearest = Math.min(...timeline.places().map((place) => metres(place, right)));
      expect(nearest).to.be.below(isDoubtful ? 3 : 0.05);
    });
});
