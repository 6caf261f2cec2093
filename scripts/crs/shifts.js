import { chain, invert } from "./numbers.js";

const everywhere = [-180, -90, 180, 90];

/** The datum of WGS 84 in the EPSG Dataset. */
const wgs84 = 6326;

/** More than so many ways over another datum are not kept: the first are the most exact. */
const mostIndirect = 6;

/** The shifts to WGS 84 of each datum, as seven parameters (position vector; metres, seconds, ppm). */
export function findShifts(database, datums) {
  const steps = allSteps(database);
  const rotations = database.longitudeRotations();
  return datums.map((datum) => {
    const [rotation, ...others] = rotations.filter(({ source }) => source === datum);
    const shifts = shiftsOf(rotation?.target ?? datum, steps);
    // Ferro is at another longitude in Austria than in the Balkans: nobody knows which one a text means.
    const isDoubtful = others.some(({ target, offset }) => target !== rotation.target && offset !== rotation.offset);
    return isDoubtful ? shifts.map((shift) => ({ ...shift, accuracy: null })) : shifts;
  });
}

function shiftsOf(datum, steps) {
  if (datum === wgs84) return [{ code: 0, values: [], accuracy: 0, area: everywhere }];
  const from = steps.get(datum) ?? [];
  const direct = from.filter(({ target }) => target === wgs84);
  const flat = direct.filter(({ isFlat }) => isFlat); // PROJ has others only where there is none of longitudes and latitudes
  if (direct.length > 0) return (flat.length > 0 ? flat : direct).sort(byAccuracy);
  const indirect = from.flatMap((first) =>
    (steps.get(first.target) ?? []).filter(({ target }) => target === wgs84).flatMap((second) => join(first, second)),
  );
  return indirect.sort(byAccuracy).slice(0, mostIndirect);
}

/** From each datum to others: by transformations in both directions, and from members of ensembles to the ensemble. */
function allSteps(database) {
  const steps = new Map();
  const add = (source, step) => steps.set(source, [...(steps.get(source) ?? []), step]);
  for (const { source, target, values, ...rest } of database.helmerts()) {
    add(source, { target, values, ...rest });
    add(target, { target: source, values: invert(values), ...rest });
  }
  for (const { member, ensemble, accuracy } of database.ensembleMembers()) {
    const step = { code: 0, values: [], accuracy, area: everywhere };
    add(member, { target: ensemble, ...step });
  }
  return steps;
}

/** One shift after the other. */
function join(first, second) {
  const area = intersection(first.area, second.area);
  if (area === undefined) return [];
  const values = chain(first.values, second.values);
  const isUnknown = first.accuracy === null || second.accuracy === null;
  const isOffshore = Boolean(first.isOffshore ?? second.isOffshore);
  const accuracy = isUnknown ? null : first.accuracy + second.accuracy;
  return [{ code: first.code || second.code, values, accuracy, area, isOffshore }];
}

function intersection(left, right) {
  if (left[0] > left[2]) return left; // across the antimeridian
  if (right[0] > right[2]) return right;
  const area = [
    Math.max(left[0], right[0]),
    Math.max(left[1], right[1]),
    Math.min(left[2], right[2]),
    Math.min(left[3], right[3]),
  ];
  return area[0] < area[2] && area[1] < area[3] ? area : undefined;
}

function byAccuracy(left, right) {
  return (left.accuracy ?? Infinity) - (right.accuracy ?? Infinity);
}
