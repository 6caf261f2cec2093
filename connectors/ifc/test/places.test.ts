import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SnapshotDb, type PhysicalElement, type SpatialViewDefinition } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Matrix3d, Point3d, Range3d, Vector3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { IfcTimeline } from "./support.js";
import { houseText, sampleText } from "./house.js";
import { onMap, placedFile } from "./placedFile.js";

const field = fileURLToPath(new URL("../../../../shared/field/ifc", import.meta.url));

const first = onMap("EPSG:25832", "458657.3,5438232.25,100.,1.,0.,1.");
const second = onMap("EPSG:25832", "691600.,5334700.,100.,1.,0.,1.");
/** Between the two places, by the Earth-centred coordinates of cs2cs. */
const apart = 254_971.365;

/** Where the boxes of an iModel are, in Earth-centred coordinates, and which way they point up. */
function boxes(timeline: IfcTimeline): { ecef: Point3d; up: Vector3d; origin: Point3d }[] {
  const ids = timeline.query("SELECT ECInstanceId id FROM Ifc.IfcBuildingElementProxy ORDER BY ECInstanceId");
  return timeline.read((imodel) =>
    ids.map(({ id }) => {
      const { placement } = imodel.elements.getElement<PhysicalElement>(id as string);
      const up = imodel.getEcefTransform().multiplyVector(placement.transform.matrix.columnZ());
      return { ecef: imodel.spatialToEcef(placement.origin), up, origin: placement.origin.clone() };
    }),
  );
}

const upAt = ({ ecef }: { ecef: Point3d }) => {
  const { longitude, latitude } = Cartographic.fromEcef(ecef)!;
  return Vector3d.create(Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)); // prettier-ignore
};

describe("the place of an IFC file in an iModel", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline("m.ifc")));

  it("stands two files as far apart as on the ground, upright, by Earth-centred coordinates", async () => {
    await timeline.result(placedFile({ lines: first }));
    timeline.file = "m.txt"; // the iModel is named after the file without its extension
    const { issues } = await timeline.result(placedFile({ lines: second }));
    expect(issues.map(({ code }) => code)).to.deep.equal(["places/curved"]);
    const [one, other] = boxes(timeline) as [ReturnType<typeof boxes>[0], ReturnType<typeof boxes>[0]];
    expect(one.origin.magnitude()).to.be.lessThan(1e-9);
    const distance = one.ecef.distance(other.ecef);
    expect(distance).to.be.closeTo(apart, 0.01);
    const { longitudeDegrees, latitudeDegrees, height } = Cartographic.fromEcef(other.ecef)!;
    expect(longitudeDegrees).to.be.closeTo(11.5754233, 2e-7);
    expect(latitudeDegrees).to.be.closeTo(48.1366816, 2e-7);
    expect(height).to.be.closeTo(100, 0.01);
    expect(other.up.angleTo(upAt(other)).degrees).to.be.lessThan(1e-4);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
  });

  it("moves all elements, and the view with them, when the conversion is corrected; the iModel stays", async () => {
    await timeline.result(placedFile({ lines: first }));
    const location = timeline.read((imodel) => imodel.ecefLocation!.toJSON());
    const [before] = boxes(timeline);
    const result = await timeline.result(placedFile({ lines: second }));
    expect(result.counts).to.include({ changed: 3, unchanged: 0 });
    const [after] = boxes(timeline);
    expect(before!.ecef.distance(after!.ecef)).to.be.closeTo(apart, 0.01);
    timeline.read((imodel) => {
      expect(imodel.ecefLocation!.toJSON()).to.deep.equal(location);
      expect(imodel.projectExtents.containsPoint(after!.origin)).to.equal(true);
      const viewId = imodel.queryEntityIds({ from: "bis.SpatialViewDefinition" });
      const { origin, extents, angles } = imodel.elements.getElement<SpatialViewDefinition>([...viewId][0]!);
      const axes = angles.toMatrix3d().transpose();
      const corners = Range3d.createXYZXYZ(0, 0, 0, extents.x, extents.y, extents.z).corners();
      const shown = Range3d.createArray(corners.map((corner) => origin.plus(axes.multiplyPoint(corner))));
      expect(shown.containsPoint(after!.origin)).to.equal(true);
    });
    expect((await timeline.result()).counts).to.include({ changed: 0 });
    expect((await timeline.result(placedFile({ lines: first }))).counts).to.include({ changed: 3 });
    expect(boxes(timeline)[0]!.ecef.distance(before!.ecef)).to.be.lessThan(1e-6);
  });

  it("moves when the option crs changes, and turns and scales by the difference of the conversions", async () => {
    await timeline.result(placedFile({ lines: first }));
    timeline.args = { crs: "EPSG:25833" };
    expect((await timeline.result()).counts).to.include({ changed: 3 });
    expect(Cartographic.fromEcef(boxes(timeline)[0]!.ecef)!.longitudeDegrees).to.be.closeTo(14.4336798, 1e-6);
    timeline.args = undefined;
    timeline.file = "m.txt";
    await timeline.result(
      placedFile({ site: "100.,0.,0.", lines: onMap("EPSG:25832", "458657.3,5438232.25,120.,0.,1.,0.9996") }),
    );
    const other = boxes(timeline)[1]!;
    expect(other.origin.distance(Point3d.create(0, 99.96, 20))).to.be.lessThan(1e-6);
    const ranges = timeline.read((imodel) => {
      const ids = [...imodel.queryEntityIds({ from: "Ifc.IfcBuildingElementProxy" })].sort();
      return imodel.elements.getElement<PhysicalElement>(ids[1]!).placement.bbox;
    });
    expect([ranges.xLength(), ranges.yLength(), ranges.zLength()].map((size) => size.toFixed(6))).to.deep.equal(["0.999600", "0.999600", "1.000000"]); // prettier-ignore
  });

  it("leaves a file without a place as it is, and says so if the iModel has one", async () => {
    const nowhere = placedFile({ site: "5.,6.,7." });
    expect((await timeline.result(nowhere)).issues).to.deep.equal([]);
    timeline.file = "m.txt";
    await timeline.result(placedFile({ lines: first }));
    timeline.file = "m.ifc";
    const { issues, counts } = await timeline.result(`${nowhere}\n`); // it is read again
    expect(issues.map(({ code }) => code)).to.deep.equal(["places/no-place"]);
    expect(counts).to.include({ changed: 0 });
    expect(boxes(timeline)[0]!.origin.isAlmostEqual(Point3d.create(5, 6, 7))).to.equal(true);
  });

  it("follows an iModel that another program has moved", async () => {
    await timeline.result(placedFile({ lines: first }));
    const [before] = boxes(timeline);
    const imodel = SnapshotDb.openForApplyChangesets(timeline.iModel);
    imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(Cartographic.fromDegrees({ longitude: 8.5, latitude: 49.1, height: 0 }))); // prettier-ignore
    imodel.saveChanges();
    imodel.close();
    expect((await timeline.result()).counts).to.include({ changed: 3 });
    const [after] = boxes(timeline);
    expect(after!.origin.magnitude()).to.be.greaterThan(1000);
    expect(after!.ecef.distance(before!.ecef), "in the plane of the other location").to.be.lessThan(5);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
  });

  it("has its origin at the contents where the file has coordinates of the map", async () => {
    const lines = onMap("EPSG:25832", "0.,0.,0.,1.,0.,1.");
    await timeline.result(placedFile({ site: "458657.3,5438232.25,100.", lines }));
    const [box] = boxes(timeline);
    expect(box!.origin.magnitude()).to.be.lessThan(8000);
    const { longitudeDegrees, latitudeDegrees } = Cartographic.fromEcef(box!.ecef)!;
    expect(longitudeDegrees).to.be.closeTo(8.4336798, 1e-5);
    expect(latitudeDegrees).to.be.closeTo(49.095551, 1e-5);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    timeline.file = "m.txt";
    await timeline.result(placedFile({ lines: first }));
    const both = boxes(timeline);
    expect(both[0]!.origin.distance(both[1]!.origin), "the same place").to.be.lessThan(1e-6);
  });

  it("refuses a file that is too far away, and names it with the way out", async () => {
    await timeline.result(placedFile({ lines: first }));
    const error = await timeline.refusal(placedFile({ lines: onMap("EPSG:32756", "334000.,6252000.,0.,1.,0.,1.") }));
    expect(error.code).to.equal("places/too-far");
    expect(error.message).to.match(/WGS 84 \/ UTM zone 56S.*IfcMapConversion #32 \(line \d+\)/);
    expect(error.source?.file).to.match(/m\.ifc$/);
  });

  it("keeps the shapes of a house, and shares its windows, at another place", async () => {
    await timeline.result(placedFile({ lines: first }));
    timeline.file = "m.txt";
    await timeline.result(houseText);
    const [part] = timeline.query("SELECT count(*) n FROM bis.GeometryPart");
    expect(part).to.deep.equal({ n: 1 });
    timeline.read((imodel) => {
      const at = (name: string) => {
        const [id] = imodel.queryEntityIds({ from: "Ifc.IfcWall", where: `Name='${name}'` });
        return imodel.elements.getElement<PhysicalElement>(id!).placement;
      };
      const [wall, above] = [at("wall 0.0"), at("wall 1.0")];
      const up = Vector3d.createStartEnd(wall.origin, above.origin);
      expect(up.magnitude()).to.be.closeTo(3, 1e-6);
      // 519083.5535, 5371907.7981 is what cs2cs has for the latitude and the longitude of the site
      expect(wall.origin.x).to.be.closeTo(519083.5535 - 458657.3, 0.001);
      expect(wall.origin.y).to.be.closeTo(5371907.7981 - 5438232.25, 0.001);
      expect(wall.origin.z).to.be.closeTo(120 - 100, 1e-6);
      expect(Matrix3d.createIdentity().isAlmostEqual(wall.transform.matrix)).to.equal(false);
    });
  });

  it(`moves with geo-fixed-2 of ${field} (skipped without it)`, async function () {
    if (!existsSync(field)) this.skip();
    const text = (name: string) => readFileSync(join(field, name, "m.ifc"), "utf8");
    await timeline.result(text("geo-fixed-1"));
    const [before] = boxes(timeline);
    expect((await timeline.result(text("geo-fixed-2"))).counts.changed).to.be.greaterThan(0);
    expect(boxes(timeline)[0]!.ecef.distance(before!.ecef)).to.be.greaterThan(200_000);
  });
});

describe("an IFC file in an iModel of an earlier version", () => {
  for (const [name, text] of [
    ["a site", houseText],
    ["a map conversion", sampleText("other/bungalow.ifc")],
  ] as const)
    it(`is not written again with ${name}`, async () => {
      const timeline = new IfcTimeline("m.ifc");
      await timeline.result(text);
      const imodel = SnapshotDb.openForApplyChangesets(timeline.iModel);
      for (const property of [
        { namespace: "itwin-connector-framework", name: "Frame" },
        { namespace: "itwin-connector-ifc", name: "Place m.ifc" },
      ])
        imodel.deleteFileProperty(property);
      imodel.saveChanges();
      imodel.close();
      expect(await timeline.sync(), "the same file").to.deep.equal([0, 0, 0]);
      const { counts } = await timeline.result(text.replace("'roof',$,$", "'top',$,$"));
      expect(counts).to.include({ changed: 1 });
    });
});
