import type { Curve } from "./Curve.js";
import { ByDistance } from "./curves.js";

/**
 * A curve along another one, lifted by a profile.
 * @param base - the plan of an alignment, or a gradient that cant is added to
 * @param profile - curves whose x is the distance along the base, and whose y is the height above it, in order
 */
export function lift(base: Curve, profile: readonly Curve[]): Curve {
  const spans = profile.map((curve) => ({ curve, from: curve.at(curve.start)[0], to: curve.at(curve.end)[0] }));
  const first = spans[0]?.from ?? 0;
  const length = base.distanceAt(base.end);
  const last = Math.min(spans.at(-1)?.to ?? length, length);
  const heightAt = (distance: number) => {
    const span = spans.findLast(({ from }) => from <= distance + 1e-9) ?? spans[0];
    return span === undefined ? 0 : span.curve.at(parameterAtX(span.curve, distance))[1];
  };
  const corners = [...spans.map(({ from }) => from), ...base.breaks().map((u) => base.distanceAt(u))];
  return new ByDistance(
    Math.max(first, 0),
    last,
    (distance) => {
      const [x, y, z] = base.at(base.parameterAt(distance));
      return [x, y, z + heightAt(distance)];
    },
    corners.sort((a, b) => a - b),
  );
}

/** The parameter at which a curve, whose x grows, has an x. */
function parameterAtX(curve: Curve, x: number): number {
  let [low, high] = [curve.start, curve.end];
  const [first, last] = [curve.at(low)[0], curve.at(high)[0]];
  let u = last > first ? low + ((high - low) * (x - first)) / (last - first) : low;
  for (let round = 0; round < 60; round++) {
    u = Math.min(Math.max(u, curve.start), curve.end);
    const miss = curve.at(u)[0] - x;
    if (Math.abs(miss) < 1e-10 || high - low < 1e-14) break;
    if (miss > 0) high = u;
    else low = u;
    const next = u - miss / (curve.derivative(u)[0] || 1);
    u = next > low && next < high ? next : (low + high) / 2;
  }
  return u;
}
