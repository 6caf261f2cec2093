import { ConnectorError } from "../../ConnectorError.js";
import { nearestName } from "./nearestName.js";
import type { ValueOwner } from "./ValueOwner.js";

/** Fewer letters begin too many names. */
const shortestStem = 4;

/** Whether a name begins like a longer one: `props` and `property` like `properties`, `base` like `baseClass`. */
function isStemOf(key: string, name: string): boolean {
  const stem = key.replace(/[sy]$/, "");
  return stem.length >= shortestStem && name.length > key.length && name.startsWith(stem);
}

/**
 * Refuses an object that has a member with nearly the name of one that it can have, such as `relationship`. What it is to
 * say would be ignored. Members with other names are the connector's own.
 * @throws ConnectorError with the code, by default `stream/unknown-member`
 */
export function refuseMisspelt(
  value: object,
  known: readonly string[],
  owner: ValueOwner,
  code = "stream/unknown-member",
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = known.find((name) => isStemOf(key, name)) ?? nearestName(key, known);
    if (meant === undefined || (value as Record<string, unknown>)[meant] !== undefined) continue;
    throw new ConnectorError(code, `${owner.name} has an unknown member "${key}".`, {
      source: owner.location,
      recovery: owner.recovery,
      advice: `Use "${meant}".`,
    });
  }
}
