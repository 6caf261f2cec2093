import { expect } from "chai";
import type { IModelDb } from "@itwin/core-backend";
import { Cartographic } from "@itwin/core-common";
import { point } from "./shapefiles.js";
import { ShapefileTimeline } from "./support.js";

const feature = (status: string, coordinates: number[]) => ({
  type: "Feature",
  properties: { status },
  geometry: { type: "Point", coordinates },
});
const collection = (...features: object[]) => JSON.stringify({ type: "FeatureCollection", features });

/** Longitude and latitude of an iModel's origin, in degrees. */
function originOf(imodel: IModelDb): [number, number] {
  const { longitude, latitude } = Cartographic.fromEcef(imodel.spatialToEcef({ x: 0, y: 0, z: 0 }))!;
  return [longitude, latitude].map((angle) => Math.round((angle * 180) / Math.PI)) as [number, number];
}

describe("The features that an option chooses", () => {
  let timeline: ShapefileTimeline;

  /** A shapefile whose second record is far away. */
  function makeShapefile(): void {
    timeline = new ShapefileTimeline("sites.shp");
    timeline.writeShapefile(
      [point(500_000, 4_000_000), point(500_000, 8_000_000)],
      [["near"], ["far"]],
      [["status", "C", 10]],
    );
  }

  it("decide alone where a new iModel is: GeoJSON", async () => {
    timeline = new ShapefileTimeline("sites.geojson");
    timeline.args = { where: { status: "near" } };
    await timeline.sync(collection(feature("near", [8, 50]), feature("far", [40, 10])));
    expect(timeline.read(originOf)).to.deep.equal([8, 50]);
  });

  it("decide alone where a new iModel is: shapefile", async () => {
    makeShapefile();
    timeline.args = { where: { status: "near" } };
    await timeline.sync();
    expect(timeline.read(originOf)).to.deep.equal([-123, 36]);
    expect(timeline.read((imodel) => imodel.projectExtents.maxAbs())).to.be.below(1000);
  });

  it("are not said to be outside of the area of their system where others are", async () => {
    timeline = new ShapefileTimeline("sites.geojson");
    timeline.args = { crs: "EPSG:25832", where: { status: "near" } };
    const content = collection(feature("near", [500_000, 5_400_000]), feature("far", [9e6, 9e6]));
    expect((await timeline.result(content)).issues).to.deep.equal([]);
  });

  for (const file of ["sites.shp", "sites.geojson"])
    it(`are named by columns that there are: ${file}`, async () => {
      if (file === "sites.shp") makeShapefile();
      else (timeline = new ShapefileTimeline(file)).write(collection(feature("near", [8, 50])));
      timeline.args = { where: { state: "near" } };
      const { code, source, advice } = await timeline.refusal();
      expect(code).to.equal("geospatial/unknown-column");
      expect(source).to.deep.equal({ file: `${timeline.folder}/${file}` });
      expect(advice).to.include("The columns are: record, status.");
    });

  it("are known by their numbers in the file", async () => {
    makeShapefile();
    timeline.args = { where: { status: "far" }, idByRow: true };
    await timeline.sync();
    expect(timeline.query("SELECT UserLabel FROM GeoSites.Sites")).to.deep.equal([{ userLabel: "2" }]);
  });
});
