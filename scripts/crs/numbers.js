/** Without the noise of conversions between units. */
export function round(value, digits = 15) {
  return Number(value.toPrecision(digits));
}

/** A small rotation, by the position vector convention, of a point. Angles are in radians. */
export function turn([rx, ry, rz], [x, y, z]) {
  return [x - rz * y + ry * z, rz * x + y - rx * z, -ry * x + rx * y + z];
}

const radiansPerSecond = Math.PI / 180 / 3600;

/** What seven parameters do to a point, without their translation. */
function turnAndScale(values, point) {
  const rotation = [3, 4, 5].map((index) => (values[index] ?? 0) * radiansPerSecond);
  return turn(rotation, point).map((value) => value * (1 + (values[6] ?? 0) * 1e-6));
}

/** The seven parameters of one shift after another. The products of two small rotations are below a centimetre. */
export function chain(first, second) {
  const moved = turnAndScale(
    second,
    [0, 1, 2].map((axis) => first[axis] ?? 0),
  );
  const translation = moved.map((value, axis) => round(value + (second[axis] ?? 0), 12));
  return shorten([
    ...translation,
    ...[3, 4, 5, 6].map((index) => round((first[index] ?? 0) + (second[index] ?? 0), 12)),
  ]);
}

/** The seven parameters of the way back. */
export function invert(values) {
  const opposite = [0, 0, 0, ...[3, 4, 5, 6].map((index) => -(values[index] ?? 0))];
  const moved = turnAndScale(
    opposite,
    [0, 1, 2].map((axis) => -(values[axis] ?? 0)),
  );
  return shorten([...moved.map((value) => round(value, 12)), ...opposite.slice(3)]);
}

/** Without zeros at the end. */
export function shorten(values) {
  const last = values.findLastIndex((value) => value !== 0);
  return values.slice(0, last + 1).map((value) => (value === 0 ? 0 : value));
}
