import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SnapshotDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Point3d, YawPitchRollAngles } from "@itwin/core-geometry";
import { expect } from "chai";
import { CoordinateSystem, IModelFrame, type Bounds } from "itwin-connector-framework/places";
import { placePoints } from "../../docs/examples/place-points.js";
import { temporaryFolder } from "../support/temporary.js";

const utm = CoordinateSystem.read("EPSG:25832");
const site: Bounds = [691_000, 5_335_000, 691_200, 5_335_100];

/** The longitude, latitude and height of a point of an iModel. */
function placeOf(imodel: SnapshotDb, point: Point3d): [number, number, number] {
  const { longitudeDegrees, latitudeDegrees, height } = Cartographic.fromEcef(imodel.spatialToEcef(point))!;
  return [longitudeDegrees, latitudeDegrees, height];
}

/** Metres between places that are near each other, level with the ground. */
function metres(place: readonly number[], right: readonly number[]): number {
  const east = (place[0]! - right[0]!) * Math.cos((right[1]! * Math.PI) / 180);
  return Math.hypot(east, place[1]! - right[1]!) * 111_195;
}

describe("the frame of an iModel", () => {
  let path: string;
  let imodel: SnapshotDb;
  beforeEach(() => {
    path = join(temporaryFolder(), "frame.bim");
    imodel = SnapshotDb.createEmpty(path, { rootSubject: { name: "Frame" } });
  });
  afterEach(() => imodel.close());

  const reopen = () => {
    imodel.saveChanges();
    imodel.close();
    imodel = SnapshotDb.openFile(path);
    return IModelFrame.of(imodel)!;
  };

  it("is there only where the iModel has a place", () => {
    expect(IModelFrame.of(imodel)).to.equal(undefined);
    IModelFrame.at(imodel, { system: utm, bounds: site });
    expect(IModelFrame.of(imodel)).to.be.instanceOf(IModelFrame);
  });

  it("has the map's coordinates less those of the middle of the data, also when it is opened again", () => {
    IModelFrame.at(imodel, { system: utm, bounds: site });
    const { toPoint, notes } = reopen().place({ system: utm, bounds: site });
    expect(notes).to.deep.equal([]);
    for (const [east, north, height] of [
      [691_100, 5_335_050, 0],
      [691_101, 5_335_050, 7],
      [691_100, 5_335_052, -3],
    ] as const) {
      // prettier-ignore
      const point = toPoint([east, north], height);
      expect(point.isAlmostEqual(Point3d.create(east - 691_100, north - 5_335_050, height), 1e-9)).to.equal(true);
      expect(metres(placeOf(imodel, point), utm.transformation([east, north]).toDegrees([east, north]))).to.be.below(1e-3); // prettier-ignore
    }
    expect(imodel.globalOrigin.toJSON()).to.deep.equal([-691_100, -5_335_050, 0]);
  });

  it("brings other systems into the same map", () => {
    IModelFrame.at(imodel, { system: utm, bounds: site });
    const other = CoordinateSystem.read("EPSG:25833");
    const place = utm.transformation([691_100, 5_335_050]).toDegrees([691_100, 5_335_050]);
    const there = other.transformation([250_000, 5_335_000]).fromDegrees(place);
    const bounds: Bounds = [there[0], there[1], there[0] + 1, there[1] + 1];
    const { toPoint } = reopen().place({ system: other, bounds });
    expect(toPoint(there, 5).isAlmostEqual(Point3d.create(0, 0, 5), 1e-6)).to.equal(true);
  });

  for (const [name, code, bounds] of [
    ["to the west and south", "EPSG:2048", [10_000, 3_700_000, 10_100, 3_700_200]],
    ["to the south and west", "EPSG:5513", [1_045_000, 740_000, 1_045_100, 740_200]],
    ["to the north and east", "EPSG:2193", [1_750_000, 5_920_000, 1_750_100, 5_920_200]],
  ] as const)
    it(`has east as x and north as y where the axes point ${name}`, () => {
      const system = CoordinateSystem.read(code);
      IModelFrame.at(imodel, { system, bounds });
      const { toPoint } = reopen().place({ system, bounds });
      const transformation = system.transformation([bounds[0], bounds[1]]);
      const [west, south] = transformation.toDegrees([bounds[0], bounds[1]]);
      for (const position of [
        [bounds[0], bounds[1]],
        [bounds[2], bounds[1]],
        [bounds[0], bounds[3]],
      ] as const) {
        const point = toPoint(position);
        const right = transformation.toDegrees(position);
        expect(metres(placeOf(imodel, point), right)).to.be.below(0.01);
        const from = toPoint([bounds[0], bounds[1]]);
        if (right[0] - west > 0.0005) expect(point.x).to.be.greaterThan(from.x + 50);
        if (right[1] - south > 0.0005) expect(point.y).to.be.greaterThan(from.y + 50);
      }
    });

  it("lies in its map as a document does that is turned and raised", () => {
    const seat = { origin: [691_000, 5_335_000], rotation: Math.PI / 6, scale: 1, height: 500 } as const;
    IModelFrame.on(imodel, utm, seat);
    const { toPoint } = reopen().place({ system: utm, bounds: site });
    const along = toPoint([691_000 + 10 * Math.cos(Math.PI / 6), 5_335_000 + 10 * Math.sin(Math.PI / 6)], 501);
    expect(along.isAlmostEqual(Point3d.create(10, 0, 1), 1e-9)).to.equal(true);
    expect(placeOf(imodel, Point3d.createZero())[2]).to.be.closeTo(500, 0.01);
    expect(imodel.globalOrigin.isZero, "a turned map has no global origin").to.equal(true);
  });

  it("takes an iModel that another program has placed as it is", () => {
    const cartographicOrigin = Cartographic.fromDegrees({ longitude: 11.57, latitude: 48.14, height: 520 });
    const { origin } = EcefLocation.createFromCartographicOrigin(cartographicOrigin);
    const level = EcefLocation.createFromCartographicOrigin(cartographicOrigin).getTransform().matrix;
    const turned = level.multiplyMatrixMatrix(YawPitchRollAngles.createDegrees(30, 0, 0).toMatrix3d());
    imodel.updateEcefLocation(new EcefLocation({ origin, orientation: YawPitchRollAngles.createFromMatrix3d(turned)!, cartographicOrigin })); // prettier-ignore
    const { toPoint } = reopen().place({ system: utm, bounds: site });
    for (const [east, north] of [
      [691_000, 5_335_000],
      [691_200, 5_335_000],
      [691_000, 5_335_100],
    ] as const) {
      // prettier-ignore
      const [longitude, latitude, height] = placeOf(imodel, toPoint([east, north], 530));
      expect(metres([longitude, latitude], utm.transformation([east, north]).toDegrees([east, north]))).to.be.below(
        0.01,
      );
      expect(height).to.be.closeTo(530, 0.2);
    }
  });

  it("holds no longer when another program has moved the iModel", () => {
    IModelFrame.at(imodel, { system: utm, bounds: site });
    const elsewhere = Cartographic.fromDegrees({ longitude: 11.6, latitude: 48.15, height: 0 });
    imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(elsewhere));
    const { toPoint } = reopen().place({ system: utm, bounds: site });
    const right = utm.transformation([691_000, 5_335_000]).toDegrees([691_000, 5_335_000]);
    expect(metres(placeOf(imodel, toPoint([691_000, 5_335_000])), right)).to.be.below(0.05);
  });

  it("tells what a flat map is off on a globe, and follows the curved Earth beyond its limit", () => {
    const frame = IModelFrame.at(imodel, { system: utm, bounds: site });
    const far = (distance: number): Bounds => [691_000, 5_335_000, 691_100, 5_335_000 + distance];
    const keys = (bounds: Bounds) => frame.place({ system: utm, bounds }).notes.map(({ key }) => key);
    expect(keys(far(10_000))).to.deep.equal([]);
    expect(keys(far(99_000))).to.deep.equal(["flat"]);
    expect(keys(far(101_000))).to.deep.equal(["curved"]);
    const { toPoint, notes } = frame.place({ system: utm, bounds: far(99_000) });
    const corner = [691_000, 5_335_000 + 99_000] as const;
    const [longitude, latitude, height] = placeOf(imodel, toPoint(corner, 0));
    const error = metres([longitude, latitude], utm.transformation([...corner]).toDegrees([...corner]));
    const [, told] = /up to ([\d.]+) m off/.exec(notes[0]!.message)!;
    expect(Number(told)).to.be.closeTo(error, 0.3);
    expect(Number(/and (\d+) m too high/.exec(notes[0]!.message)![1])).to.be.closeTo(height, 5);
    const exact = frame.place({ system: utm, bounds: far(101_000) });
    expect(metres(placeOf(imodel, exact.toPoint(corner, 0)), utm.transformation([...corner]).toDegrees([...corner]))).to.be.below(1e-3); // prettier-ignore
  });

  it("refuses what is nowhere, or at the other end of the world", () => {
    const frame = IModelFrame.at(imodel, { system: utm, bounds: site });
    const degrees = CoordinateSystem.read("EPSG:4326");
    expect(() => frame.place({ system: degrees, bounds: [691_000, 5_335_000, 691_001, 5_335_001] })).to.throw("do not lie on the Earth"); // prettier-ignore
    expect(() => frame.place({ system: degrees, bounds: [0, 0, 1, 1] })).to.throw(/lies 5[\d,]+ km from/);
    expect(() => frame.place({ system: degrees, bounds: [11, 40, 11, 40] })).not.to.throw();
    expect(() => frame.place({ system: degrees, bounds: [11, 38, 11, 38] })).to.throw("at most 1000 km");
  });

  it("says that heights are above the sea, once the system does", () => {
    const system = CoordinateSystem.read("EPSG:7415");
    const bounds: Bounds = [155_000, 463_000, 155_100, 463_100];
    const frame = IModelFrame.at(imodel, { system, bounds });
    const note = frame.place({ system, bounds }).notes.find(({ key }) => key === "heights");
    expect(note?.message).to.contain("NAP height");
    const without = frame.place({ system, bounds, hasHeights: false });
    expect(without.notes.map(({ key }) => key)).not.to.include("heights");
  });

  it("holds at the antimeridian and the poles", () => {
    const degrees = CoordinateSystem.read("EPSG:4326");
    for (const bounds of [
      [179.95, -17, 180.05, -16.95],
      [-10, 89.9, 10, 89.95],
      [100, -89.95, 110, -89.9],
    ] as const) {
      const file = SnapshotDb.createEmpty(join(temporaryFolder(), "frame.bim"), { rootSubject: { name: "Frame" } });
      const { toPoint } = IModelFrame.at(file, { system: degrees, bounds }).place({ system: degrees, bounds });
      const [west, south] = bounds;
      const place = placeOf(file, toPoint([west, south], 12));
      expect(metres(place, [west, south])).to.be.below(0.05);
      expect(place[2]).to.be.closeTo(12, 10);
      file.close();
    }
  });
});

describe("the example of docs/places.md", () => {
  it("places points, and reports what is doubtful", () => {
    const imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "example.bim"), { rootSubject: { name: "Example" } });
    const issues: { code: string }[] = [];
    const points = placePoints(imodel, "EPSG:31467", [[3_500_000, 5_400_000, 1], [3_500_010, 5_400_000, 2]], (issue) => issues.push(issue)); // prettier-ignore
    expect(points.map((point) => point.toArray())).to.deep.equal([[-5, 0, 1], [5, 0, 2]]); // prettier-ignore
    expect(issues.map(({ code }) => code)).to.deep.equal(["places/accuracy"]);
    imodel.close();
  });
});

describe("the files of three countries in docs/examples/places", () => {
  /** The middle of each field, in degrees by PROJ, is on a grid of 400 m around the place where the countries touch. */
  it("stand in one grid", () => {
    const imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "border.bim"), { rootSubject: { name: "Border" } });
    const middles = ["germany", "netherlands", "belgium"].flatMap((name) => fieldsOf(imodel, name));
    const nearest = middles.map((point) => Math.min(...middles.filter((other) => other !== point).map((other) => other.distance(point)))); // prettier-ignore
    expect(middles).to.have.length(176);
    for (const distance of nearest) expect(distance).to.be.closeTo(400, 1.5);
    imodel.close();
  });
});

/** The middles of the fields of a file, in an iModel. */
function fieldsOf(imodel: SnapshotDb, name: string): Point3d[] {
  const file = new URL(`../../docs/examples/places/${name}.geojson`, import.meta.url);
  const { crs, features } = JSON.parse(readFileSync(file, "utf8")) as {
    crs: { properties: { name: string } };
    features: { geometry: { coordinates: [number, number][][] } }[];
  };
  const middles = features.map(({ geometry }): [number, number, number] => {
    const corners = geometry.coordinates[0]!.slice(1); // the first corner is there twice
    const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
    return [mean(0), mean(1), 0];
  });
  return placePoints(imodel, crs.properties.name, middles, () => undefined);
}
