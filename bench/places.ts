// Points per second through the module for places, against proj4 alone with the same parameters, in one process.
// Usage: npm run bench:places
import proj4 from "proj4";
import { CoordinateSystem } from "../src/places/index.js";

/** The part of proj4's speed that is the least. */
const bar = 0.8;
const pointsOfARound = 100_000;
const rounds = 15;

interface Case {
  readonly name: string;
  readonly code: string;
  /** The same for proj4. */
  readonly text: string;
  readonly origin: readonly [number, number];
}

const cases: readonly Case[] = [
  {
    name: "UTM",
    code: "EPSG:25832",
    text: "+proj=tmerc +k=0.9996 +lat_0=0 +lon_0=9 +x_0=500000 +y_0=0 +ellps=GRS80 +no_defs",
    origin: [650_000, 5_300_000],
  },
  {
    name: "Lambert cone",
    code: "EPSG:2154",
    text: "+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80 +no_defs",
    origin: [700_000, 6_600_000],
  },
  {
    name: "seven parameters",
    code: "EPSG:31467",
    text: "+proj=tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=3500000 +y_0=0 +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7 +no_defs",
    origin: [3_513_000, 5_540_000],
  },
];

let failed = false;
for (const { name, code, text, origin } of cases) {
  const points = Array.from({ length: pointsOfARound }, (_, index) => at(origin, index));
  const transformation = CoordinateSystem.read(code).transformation(origin);
  const converter = proj4(text, "WGS84");
  const contenders = {
    proj4: (point: [number, number]) => converter.forward(point),
    toDegrees: (point: [number, number]) => transformation.toDegrees(point),
    toEcef: (point: [number, number]) => transformation.toEcef(point),
  };
  const best = measure(contenders, points);
  for (const each of ["toDegrees", "toEcef"] as const) {
    const ratio = best.proj4 / best[each];
    failed ||= ratio < bar;
    const perSecond = Math.round(pointsOfARound / best[each]);
    console.log(`${name}: ${each} ${perSecond} thousand points per second, ${ratio.toFixed(2)} of proj4 (bar ${bar})`);
  }
}
if (failed) process.exitCode = 1;

function at([x, y]: readonly [number, number], index: number): [number, number] {
  return [x + (index % 317) * 50, y + Math.floor(index / 317) * 50];
}

/** The least milliseconds of each for all points. They take turns, so that a busy machine is slow for all. */
function measure<T extends Record<string, (point: [number, number]) => unknown>>(
  contenders: T,
  points: readonly [number, number][],
): Record<keyof T, number> {
  const best = Object.fromEntries(Object.keys(contenders).map((name) => [name, Infinity])) as Record<keyof T, number>;
  for (let round = 0; round < rounds; round++)
    for (const [name, transform] of Object.entries(contenders)) {
      const start = performance.now();
      for (const point of points) transform(point);
      best[name as keyof T] = Math.min(best[name as keyof T], performance.now() - start);
    }
  return best;
}
