import type { Position } from "./GeoFrame.js";

/** A ring, or a piece of one, on a side of the antimeridian. */
export interface RingPiece {
  /** How many turns around the Earth it is away from where the ring began. */
  readonly side: number;
  readonly ring: readonly Position[];
}

/** A line, in several pieces where it crosses the antimeridian. */
export function cutLine(line: readonly Position[]): Position[][] {
  const pieces: Position[][] = [];
  let piece: Position[] = [];
  let previous: Position | undefined;
  for (const position of line) {
    if (previous !== undefined && isCrossing(previous, position)) {
      const [before, after] = crossing(previous, position);
      pieces.push([...piece, before]);
      piece = [after];
    }
    piece.push(position);
    previous = position;
  }
  return [...pieces, piece].filter(({ length }) => length > 1);
}

/** A closed ring, in several rings where it crosses the antimeridian. */
export function cutRing(ring: readonly Position[]): RingPiece[] {
  const steady = unwrapped(ring);
  const longitudes = steady.map(([longitude]) => longitude);
  const [first, last] = [Math.min(...longitudes), Math.max(...longitudes)].map((degrees) => Math.round(degrees / 360));
  const pieces: RingPiece[] = [];
  for (let side = first ?? 0; side <= (last ?? 0); side++) {
    const kept = clipped(clipped(steady, 360 * side - 180, 1), 360 * side + 180, -1);
    const moved = kept.map(([longitude, ...rest]): Position => [longitude - 360 * side, ...rest]);
    if (moved.length >= 4) pieces.push({ side, ring: moved });
  }
  return pieces;
}

/** No two points of a side are half a turn apart, so that a jump means the way across the antimeridian. */
function isCrossing([from]: Position, [to]: Position): boolean {
  return Math.abs(to - from) > 180;
}

/** The point at which the way between two positions crosses the antimeridian, on both sides of it. */
function crossing(from: Position, to: Position): [Position, Position] {
  const side = from[0] > 0 ? 180 : -180;
  const unwrappedTo = to[0] + 2 * side;
  const [, latitude, height] = between(from, [unwrappedTo, to[1], to[2]], side);
  return [
    [side, latitude, height],
    [-side, latitude, height],
  ];
}

/** The position at a longitude on the way between two positions. */
function between(from: Position, to: Position, longitude: number): Position {
  const fraction = to[0] === from[0] ? 0 : (longitude - from[0]) / (to[0] - from[0]);
  const mix = (left: number, right: number) => left + fraction * (right - left);
  return [longitude, mix(from[1], to[1]), mix(from[2], to[2])];
}

/** Longitudes beyond 180 degrees instead of jumps. */
function unwrapped(ring: readonly Position[]): Position[] {
  let [offset, previous] = [0, ring[0]?.[0] ?? 0];
  return ring.map(([longitude, ...rest]) => {
    if (Math.abs(longitude - previous) > 180) offset += longitude < previous ? 360 : -360;
    previous = longitude;
    return [longitude + offset, ...rest];
  });
}

/** The part of a closed ring east (1) or west (-1) of a meridian, closed. */
function clipped(ring: readonly Position[], meridian: number, direction: 1 | -1): Position[] {
  const isKept = ([longitude]: Position) => (longitude - meridian) * direction >= 0;
  if (ring.every(isKept)) return [...ring];
  const kept: Position[] = [];
  for (const [index, to] of ring.entries()) {
    const from = ring[index - 1];
    if (from !== undefined && isKept(from) !== isKept(to)) kept.push(between(from, to, meridian));
    if (isKept(to)) kept.push(to);
  }
  const [start] = kept;
  return start === undefined ? [] : [...kept, start];
}
