import { execFileSync, spawnSync } from "node:child_process";

/** Whether PROJ's program is installed. */
export function hasCs2cs(): boolean {
  return spawnSync("cs2cs", ["--version"]).error === undefined;
}

/**
 * What PROJ makes of points, in the order of ordinary software: east and north, longitude and latitude.
 * @param from - a text for PROJ, such as `+init=epsg:25832`
 */
export function cs2cs(from: string, to: string, points: readonly (readonly [number, number])[]): [number, number][] {
  const input = points.map(([x, y]) => `${x} ${y} 0`).join("\n");
  const env = { ...process.env, PROJ_NETWORK: "OFF" };
  const output = execFileSync("cs2cs", ["-f", "%.11f", ...from.split(" "), "+to", ...to.split(" ")], {
    input,
    env,
  }).toString();
  return output
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/).map(Number) as [number, number]);
}

/** Metres between two longitudes and latitudes in degrees that are near each other. */
export function metresBetween(left: readonly [number, number], right: readonly [number, number]): number {
  const east = (((left[0] - right[0] + 540) % 360) - 180) * Math.cos((left[1] * Math.PI) / 180);
  return Math.hypot(east, left[1] - right[1]) * 111_320;
}
