import type { NotImportedReport } from "itwin-connector-framework";
import type { Polygon, Position, Shape } from "./Feature.js";

/** Reports what of a source no element gets. */
export class LeftOut {
  public constructor(private readonly _report: (report: NotImportedReport) => void) {}

  /** Reports one thing, or several of a sort. */
  public add(what: string, reason: string, example: string, count = 1): void {
    this._report({ what, reason, example, count });
  }

  /** Reports the parts of a shape that nobody could see. */
  public addEmptyParts({ lines, polygons }: Shape, number: number): void {
    const reason = "it has no extent";
    for (const line of lines) if (line.length < 2) this.add("line of a shape", reason, `record ${number}`);
    for (const ring of polygons.flat()) if (areaOf(ring) === 0) this.add("ring of a shape", reason, `record ${number}`);
  }
}

/** Twice the area of a ring; above zero where it goes counterclockwise. */
export function areaOf(ring: Polygon[number]): number {
  const [origin = [0, 0] as const] = ring;
  let sum = 0;
  let start = ring.at(-1);
  for (const end of ring) {
    if (start !== undefined) sum += crossProduct(start, end, origin);
    start = end;
  }
  return sum;
}

/** Relative to a position of the ring, because coordinates far from zero lose digits. */
function crossProduct(start: Position, end: Position, [east, north]: Position): number {
  return (start[0] - east) * (end[1] - north) - (end[0] - east) * (start[1] - north);
}
