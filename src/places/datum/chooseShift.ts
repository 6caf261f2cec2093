import type { Area, Datum, PublishedShift } from "../model.js";

/** The area of a system that is used everywhere. */
export const everywhere: Area = [-180, -90, 180, 90];

/**
 * Longitude and latitude in degrees.
 * @public
 */
export type Degrees = readonly [longitude: number, latitude: number];

/** A shift, and how it stands to others. */
export interface ChosenShift {
  readonly shift: PublishedShift;
  /** Others for the place of a metre or better, or as accurate. Undefined where the shift is not meant for the place. */
  readonly equals?: readonly PublishedShift[];
}

/**
 * The published shift that serves a place best, as PROJ chooses it: of those whose area has the place the most accurate one,
 * of equal ones that of the smallest area; where none has it, that which covers most of the system's area.
 * @param places - all that it should serve; if none serves all, the first counts
 * @param area - of the system
 */
export function chooseShift(
  { shifts }: Datum,
  places: readonly Degrees[],
  area: Area = everywhere,
): ChosenShift | undefined {
  const [first] = places;
  const candidates = shifts.filter((shift) => overlap(shift.area, area) > 0);
  const all = candidates.filter((shift) => places.every((place) => contains(shift.area, place)));
  const some = all.length > 0 ? all : candidates.filter((shift) => first !== undefined && contains(shift.area, first));
  const inside = best(some);
  if (inside !== undefined) {
    const limit = Math.max(1, inside.accuracy ?? 0);
    return { shift: inside, equals: some.filter(({ accuracy = Infinity }) => accuracy <= limit) };
  }
  const [largest] = [...candidates].sort((left, right) => overlap(right.area, area) - overlap(left.area, area));
  return largest && { shift: largest };
}

function best(shifts: readonly PublishedShift[]): PublishedShift | undefined {
  const onshore = shifts.filter(({ isOffshore }) => !isOffshore);
  const [first, ...others] = onshore.length > 0 ? onshore : shifts;
  let chosen = first;
  for (const shift of others) if (chosen !== undefined && compare(shift, chosen) < 0) chosen = shift;
  return chosen;
}

function compare(left: PublishedShift, right: PublishedShift): number {
  return (left.accuracy ?? Infinity) - (right.accuracy ?? Infinity) || sizeOf(left.area) - sizeOf(right.area);
}

/** How large the part is that two areas have in common, for comparisons. */
function overlap(left: Area, right: Area): number {
  let size = 0;
  for (const [west, east] of spans(left))
    for (const [otherWest, otherEast] of spans(right)) {
      const common = [Math.max(west, otherWest), Math.max(left[1], right[1]), Math.min(east, otherEast), Math.min(left[3], right[3])] as const; // prettier-ignore
      if (common[2] >= common[0] && common[3] >= common[1]) size += sizeOf(common) + Number.MIN_VALUE;
    }
  return size;
}

/** Longitudes from west to east, in two parts where the antimeridian is between them. */
function spans([west, , east]: Area): [number, number][] {
  return west <= east ? [[west, east]] : [[west, 180], [-180, east]]; // prettier-ignore
}

/** Whether an area has a place, with its edge. */
export function contains([west, south, east, north]: Area, [longitude, latitude]: Degrees): boolean {
  if (!(latitude >= south && latitude <= north)) return false;
  const east180 = turned(longitude);
  return west <= east ? east180 >= west && east180 <= east : east180 >= west || east180 <= east;
}

/** Whether a place is in an area or less than a degree beside it: areas are coarse. */
export function isNear([west, south, east, north]: Area, place: Degrees): boolean {
  const isAround = west <= east && east - west > 358;
  const [left, right] = isAround ? [-180, 180] : [turned(west - 1), turned(east + 1)];
  return contains([left, south - 1, right, north + 1], place);
}

/** A longitude from -180 to 180 degrees. */
function turned(longitude: number): number {
  return longitude < -180 ? longitude + 360 : longitude > 180 ? longitude - 360 : longitude;
}

/** About as large as the area is, for comparisons. */
export function sizeOf([west, south, east, north]: Area): number {
  return (
    (west <= east ? east - west : east - west + 360) *
    (Math.sin((north * Math.PI) / 180) - Math.sin((south * Math.PI) / 180))
  );
}
