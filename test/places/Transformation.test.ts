import { expect } from "chai";
import { CoordinateSystem } from "../../src/places/index.js";

function keysOf(code: string, point: readonly [number, number]): string[] {
  return CoordinateSystem.read(code)
    .transformation(point)
    .notes.map(({ key }) => key);
}

describe("Transformation", () => {
  it("chooses the shift whose area has the place", () => {
    const system = CoordinateSystem.read("EPSG:4230"); // ED50
    const [spain, norway] = [system.transformation([-4, 40]), system.transformation([10, 61])];
    expect(spain.shift).to.match(/^EPSG:\d+$/);
    expect(norway.shift).to.match(/^EPSG:\d+$/);
    expect(spain.shift).to.not.equal(norway.shift);
    const both = system.transformation([-4, 40], [10, 61]);
    expect(both.accuracy ?? Infinity).to.be.at.least(Math.max(spain.accuracy ?? 0, norway.accuracy ?? 0));
  });

  it("tells a doubt of more than a metre, with the system, the datum and the shift", () => {
    const { notes, accuracy, shift } = CoordinateSystem.read("EPSG:4230").transformation([-4, 40]);
    expect(accuracy).to.be.above(1);
    const message = notes.find(({ key }) => key === "accuracy")?.message;
    for (const part of ["ED50", "European Datum 1950", `${accuracy} m`, shift]) expect(message).to.include(part);
  });

  it("has no doubt where the datum is that of WGS 84", () => {
    const { notes, accuracy, shift } = CoordinateSystem.read("EPSG:32632").transformation([500_000, 5e6]);
    expect({ notes, accuracy, shift }).to.deep.equal({ notes: [], accuracy: 0, shift: "nothing" });
  });

  it("tells that places are outside of the area of a system, by more than a degree", () => {
    expect(keysOf("EPSG:2154", [700_000, 6_600_000])).to.deep.equal([]);
    expect(keysOf("EPSG:2154", [700_000, 9_000_000])).to.include("outside-area");
    const fiji = CoordinateSystem.read("EPSG:3460"); // its area has the antimeridian within
    const east = fiji.transformation().fromDegrees([-179.5, -17]);
    const west = fiji.transformation().fromDegrees([177.5, -17]);
    for (const point of [east, west]) expect(keysOf("EPSG:3460", point)).to.not.include("outside-area");
    expect(keysOf("EPSG:3460", fiji.transformation().fromDegrees([170, -17]))).to.include("outside-area");
  });

  it("puts a height above the ellipsoid of WGS 84, whatever the datum is", () => {
    for (const code of ["EPSG:32632", "EPSG:31467"]) {
      const point: [number, number] = code === "EPSG:31467" ? [3_513_000, 5_540_000] : [513_000, 5_540_000];
      const transformation = CoordinateSystem.read(code).transformation(point);
      const [low, high] = [transformation.toEcef(point), transformation.toEcef(point, 250)];
      expect(Math.hypot(...high.map((value, axis) => value - low[axis]!))).to.be.closeTo(250, 1e-6);
      const [longitude, latitude] = transformation.toDegrees(point).map((value) => (value * Math.PI) / 180) as [number, number]; // prettier-ignore
      expect(Math.atan2(low[1], low[0])).to.be.closeTo(longitude, 1e-12);
      expect(Math.atan(low[2] / Math.hypot(low[0], low[1]) / (1 - 0.00669437999014))).to.be.closeTo(latitude, 1e-11);
    }
  });
});
