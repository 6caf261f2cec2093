import { expect } from "chai";
import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { CoordinateSystem, type Area } from "../../src/places/index.js";
import { Registry } from "../../src/places/registry/Registry.js";
import { metresBetween } from "./support/cs2cs.js";

describe("The registry of coordinate systems", () => {
  it("has a megabyte at most, also when it is unpacked", () => {
    const file = readFileSync(new URL("../../src/places/registry/epsg.json.br", import.meta.url));
    expect(brotliDecompressSync(file).length).to.be.below(1_000_000);
  });

  it("has thousands of systems, and each goes to degrees and back within a millimetre in its area", function () {
    this.timeout(120_000);
    const { codes } = Registry.get();
    expect(codes.length).to.be.above(5500);
    const bad = codes.flatMap((code) => {
      const far = farthestRoundTrip(CoordinateSystem.read(`EPSG:${code}`));
      return far < 0.001 ? [] : [`EPSG:${code}: ${far} m`];
    });
    expect(bad).to.deep.equal([]);
  });

  it("gives a name to the system that is not deprecated", () => {
    expect(CoordinateSystem.read("NAD83(CSRS)").code).to.equal(4617);
    expect(CoordinateSystem.read("ETRS89 / UTM zone 32N").code).to.equal(25832);
  });
});

function farthestRoundTrip(system: CoordinateSystem): number {
  const transformation = system.transformation();
  const distances = placesOf(system).map((place) =>
    metresBetween(transformation.toDegrees(transformation.fromDegrees(place)), place),
  );
  return Math.max(...distances);
}

/** Some of no known area are said to be used everywhere: points near their origin are taken. */
function placesOf(system: CoordinateSystem): [number, number][] {
  const area = system.area ?? [-180, -90, 180, 90];
  if (system.isGeographic || area[2] - area[0] < 360) return pointsOf(area);
  const near: readonly [number, number][] = [[400_000, 0], [600_000, 100_000]]; // prettier-ignore
  return near.map((point) => system.transformation().toDegrees(point));
}

function pointsOf([west, south, east, north]: Area): [number, number][] {
  const width = east < west ? east - west + 360 : east - west;
  const parts: readonly [number, number][] = [[0.5, 0.5], [0.1, 0.2], [0.85, 0.9]]; // prettier-ignore
  return parts.map(([x, y]) => {
    const longitude = west + width * x;
    return [longitude > 180 ? longitude - 360 : longitude, south + (north - south) * y];
  });
}
