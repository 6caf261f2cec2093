import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { CoordinateSystem } from "../../src/places/index.js";
import { cs2cs, hasCs2cs, metresBetween } from "./support/cs2cs.js";

const table = new URL("../../../shared/data/crs/positions.csv", import.meta.url);

/** Systems of many kinds, by a point in each. PROJ uses no grid for them. */
const points: readonly (readonly [code: number, x: number, y: number])[] = [
  [2056, 2_660_000, 1_185_000], [21781, 660_000, 185_000], [2154, 700_000, 6_600_000], [3035, 4_321_000, 3_210_000],
  [3857, 1_000_000, 6_000_000], [25832, 691_875, 5_334_812], [25833, 390_000, 5_820_000], [32632, 500_000, 5e6],
  [32736, 400_000, 9_000_000], [3034, 4_000_000, 2_800_000], [2193, 1_600_000, 5_400_000], [28355, 300_000, 5_800_000],
  [7855, 300_000, 5_800_000], [3577, 1_000_000, -4_000_000], [5070, -500_000, 1_800_000], [2263, 980_000, 200_000],
  [2277, 3_100_000, 10_000_000], [2927, 1_200_000, 700_000], [3031, 1_000_000, 1_500_000], [3413, -500_000, -1_000_000],
  [3995, 200_000, 1_800_000], [3575, 400_000, -2_000_000], [6931, 1_000_000, -1_000_000], [3978, 1_200_000, 300_000],
  [3395, 1_000_000, 6_000_000], [3767, 500_000, 5_000_000], [3794, 460_000, 100_000], [5514, -740_000, -1_040_000],
  [3045, 500_000, 5_000_000], [3067, 385_000, 6_672_000], [3006, 674_000, 6_580_000], [2326, 836_000, 819_000],
  [2039, 180_000, 665_000], [28191, 170_000, 130_000], [2053, -50_000, 2_900_000], [31467, 3_513_000, 5_540_000],
  [31287, 625_000, 480_000], [28992, 155_000, 463_000], [27700, 530_000, 180_000], [31370, 150_000, 170_000],
  [3375, 410_000, 350_000], [29873, 700_000, 600_000], [24200, 250_000, 150_000],  [8857, 1_000_000, 5_000_000], [3116, 1_000_000, 1_000_000],
]; // prettier-ignore

/** Whether a transformation is as near as it says: a centimetre without a shift, a metre with one, or there is a note. */
function check(code: number, point: [number, number], expected: readonly [number, number]): string[] {
  const transformation = CoordinateSystem.read(`EPSG:${code}`).transformation(point);
  const far = metresBetween(transformation.toDegrees(point), expected);
  const isExact = transformation.accuracy === 0 || transformation.shift === "nothing";
  const isTold = transformation.notes.some(({ key }) => key === "accuracy");
  return far <= (isExact ? 0.01 : 1) || (isTold && far < 500)
    ? []
    : [`EPSG:${code}: ${far} m by ${transformation.shift}`];
}

describe("Positions", () => {
  it("are those of the shared table", function () {
    if (!existsSync(table)) this.skip();
    const rows = readFileSync(table, "utf8").trim().split("\n").slice(1).map((line) => line.split(",").map(Number)); // prettier-ignore
    expect(rows.length).to.be.above(40);
    const bad = rows.flatMap(([code, x, y, longitude, latitude]) => check(code!, [x!, y!], [longitude!, latitude!]));
    expect(bad).to.deep.equal([]);
  });

  it("are where PROJ puts them, for systems of many kinds", function () {
    if (!hasCs2cs()) this.skip();
    const bad = points.flatMap(([code, x, y]) => {
      const [expected] = cs2cs(`+init=epsg:${code}`, "+init=epsg:4326", [[x, y]]);
      return check(code, [x, y], expected!);
    });
    expect(bad).to.deep.equal([]);
  });

  it("of a text without a datum shift are those of PROJ within a centimetre", function () {
    if (!hasCs2cs()) this.skip();
    const texts: Readonly<Record<string, [number, number]>> = {
      "+proj=cass +lat_0=31.73409694444 +lon_0=35.21208055556 +x_0=170251.555 +y_0=126867.909 +ellps=GRS80": [
        459_266, 197_088,
      ],
      "+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257964667 +gamma=323.1301023611 +k=0.99984 +x_0=804671 +ellps=GRS80":
        [410_000, 350_000],
      "+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +ellps=GRS80": [1_000_000, 1_500_000],
      "+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000 +ellps=GRS80": [5_300_000, 7_500_000],
      "+proj=lcc +lat_1=46.5 +lat_0=46.5 +lon_0=0 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +ellps=GRS80 +pm=paris": [
        650_000, 2_100_000,
      ],
      "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80": [3_300_000, 2_200_000],
    };
    for (const [text, point] of Object.entries(texts)) {
      const [expected] = cs2cs(text, "+proj=longlat +ellps=GRS80", [point]);
      const place = CoordinateSystem.read(text).transformation(point).toDegrees(point);
      expect(metresBetween(place, expected!), text).to.be.below(0.01);
    }
  });
});
