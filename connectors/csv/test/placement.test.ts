import { SnapshotDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { Timeline, useFolder, useHost, written } from "./support.js";

describe("the place of a row", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  function origins(): Point3d[] {
    const rows = timeline.query("SELECT Origin.X x0, Origin.Y y0, Origin.Z z0 FROM CsvParts.Parts ORDER BY UserLabel");
    return rows.map(({ x0, y0, z0 }) => Point3d.create(x0 as number, y0 as number, z0 as number));
  }

  const metres: Record<string, number> = { m: 1, mm: 0.001, cm: 0.01, km: 1000, ft: 0.3048, in: 0.0254 };
  metres["us-ft"] = 0.30480060960121924;
  for (const [units, factor] of Object.entries(metres))
    it(`is read in ${units}`, async () => {
      timeline.args = { units };
      await timeline.sync("id,x,y,z\n1,12.5,-7,1000\n");
      expect(origins()[0]!.isAlmostEqual(Point3d.create(12.5 * factor, -7 * factor, 1000 * factor), 1e-9)).to.equal(
        true,
      );
    });

  it("is in the columns that are named", async () => {
    timeline.args = { x: "East", y: "North", z: "Up" };
    await timeline.sync("id,x,y,East,North,Up\n1,1,2,+3, 4 ,.5e1\n");
    expect(origins()[0]!.toArray()).to.deep.equal([3, 4, 5]);
  });

  it("is in columns named x, y and z in any case", async () => {
    await timeline.sync("id,Z,X,Y\n1,3,1,2\n");
    expect(origins()[0]!.toArray()).to.deep.equal([1, 2, 3]);
  });

  it("is nowhere without such columns", async () => {
    await timeline.sync("id,x,z,longitude\n1,1,3,5\n");
    expect(timeline.query("SELECT x, z, longitude, GeometryStream FROM CsvParts.Parts")).to.deep.equal([
      { x: 1, z: 3, longitude: 5 },
    ]);
  });

  it("is nowhere for a row without coordinates, whether it never had any or has lost them", async () => {
    const placed = () =>
      timeline.query(`SELECT p.UserLabel FROM CsvParts.Parts p WHERE p.Origin IS NOT NULL
        OR p.ECInstanceId IN (SELECT ECInstanceId FROM bis.SpatialIndex) ORDER BY p.UserLabel`);
    const indexed = () => timeline.query("SELECT ECInstanceId FROM bis.SpatialIndex").length;
    await timeline.sync("id,x,y\na,1000,2000\nb,,\n");
    expect([placed(), indexed()]).to.deep.equal([[{ userLabel: "a" }], 1]);
    await timeline.sync("id,x,y\na,,\nb,0,0\n");
    expect([placed(), indexed()]).to.deep.equal([[{ userLabel: "b" }], 1]);
    await timeline.sync("id,x,y\na,,\nb,,\n");
    expect([placed(), indexed()]).to.deep.equal([[], 0]);
  });

  // WGS84: semi-major axis a = 6,378,137 m, squared eccentricity e2 = 0.00669437999.
  const minuteOfEquator = 1855.3248; // 2 pi a / 21,600
  const minuteOfMeridianAt45 = 1852.1963; // a (1 - e2) / (1 - e2 / 2)^1.5 * 2 pi / 21,600

  it("is on the Earth for longitudes and latitudes", async () => {
    await timeline.sync("id,longitude,latitude,height\n1,0,0,0\n2,0.0166666666666667,0,0\n3,0,0,100\n");
    const [first, second, third] = origins() as [Point3d, Point3d, Point3d];
    expect(first.distance(second)).to.be.closeTo(minuteOfEquator, 0.001);
    expect(second.x - first.x, "east is x").to.be.closeTo(minuteOfEquator, 0.001);
    expect(third.z - first.z, "up is z").to.be.closeTo(100, 0.001);
    const location = timeline.read((imodel) => imodel.ecefLocation!);
    expect(location.cartographicOrigin!.longitudeDegrees).to.be.closeTo(0.0083333, 1e-6);
    expect(location.cartographicOrigin!.height).to.equal(0);
  });

  it("has north as y", async () => {
    await timeline.sync("id,lon,lat\n1,11,44.9916666666667\n2,11,45.0083333333333\n");
    const [first, second] = origins() as [Point3d, Point3d];
    expect(second.y - first.y).to.be.closeTo(minuteOfMeridianAt45, 0.001);
    expect(second.x - first.x).to.be.closeTo(0, 0.01);
    expect(first.z, "near the surface").to.be.closeTo(0, 0.1);
  });

  it("is back where it came from, by the iModel's own transform", async () => {
    await timeline.sync("id,lng,Latitude,elevation,a\n1,-71.0567,42.3588,43.5,\n2,-71.06,42.36,,\n3,,,,x\n");
    const [first] = origins() as [Point3d];
    const found = timeline.read((imodel) => imodel.spatialToCartographicFromEcef(first));
    expect(found.longitudeDegrees).to.be.closeTo(-71.0567, 1e-9);
    expect(found.latitudeDegrees).to.be.closeTo(42.3588, 1e-9);
    expect(found.height).to.be.closeTo(43.5, 0.001);
    expect(timeline.query("SELECT lng, Latitude, elevation FROM CsvParts.Parts WHERE UserLabel='1'")).to.deep.equal([
      { lng: -71.0567, latitude: 42.3588, elevation: 43.5 },
    ]);
  });

  it("has heights in the unit that is named", async () => {
    timeline.args = { longitude: "a", latitude: "b", height: "c", units: "ft" };
    await timeline.sync("id,a,b,c\n1,10,50,0\n2,10,50,1000\n");
    const [first, second] = origins() as [Point3d, Point3d];
    expect(first.distance(second)).to.be.closeTo(304.8, 1e-6);
  });

  it("is on both sides of the date line", async () => {
    await timeline.sync("id,longitude,latitude\n1,179.9916666666667,0\n2,-179.9916666666667,0\n");
    const [first, second] = origins() as [Point3d, Point3d];
    expect(first.distance(second)).to.be.closeTo(minuteOfEquator, 0.001);
    expect(first.distance(Point3d.createZero())).to.be.closeTo(minuteOfEquator / 2, 0.1);
  });

  it("stays where it is when rows are added elsewhere", async () => {
    await timeline.sync("id,longitude,latitude\n1,10,50\n");
    const result = await timeline.sync("id,longitude,latitude\n1,10,50\n2,11,51\n");
    expect(written(result)).to.deep.equal([1, 0, 0]);
    expect(origins()[0]!.distance(Point3d.createZero())).to.be.closeTo(0, 0.001);
  });

  it("goes by the location that the iModel has", async () => {
    const origin = Cartographic.fromDegrees({ longitude: 10, latitude: 50, height: 0 });
    const imodel = SnapshotDb.createEmpty(timeline.iModel, { rootSubject: { name: "located" } });
    imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(origin, Point3d.create(1000, 2000, 3000)));
    imodel.saveChanges();
    imodel.close();
    await timeline.sync("id,longitude,latitude\n1,10,50\n2,10.5,50\n");
    expect(origins()[0]!.isAlmostEqual(Point3d.create(1000, 2000, 3000), 0.001)).to.equal(true);
  });

  it("prefers x and y to longitude and latitude", async () => {
    await timeline.sync("id,x,y,longitude,latitude\n1,1,2,10,50\n");
    expect(origins()[0]!.toArray()).to.deep.equal([1, 2, 0]);
    expect(timeline.read((imodel) => imodel.isGeoLocated)).to.equal(false);
  });
});
