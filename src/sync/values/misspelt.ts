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
    const meant = meantMember(key, known);
    if (meant === undefined || (value as Record<string, unknown>)[meant] !== undefined) continue;
    throw new ConnectorError(code, `${owner.name} has an unknown member "${key}".`, {
      source: owner.location,
      recovery: owner.recovery,
      advice: `Use "${meant}".`,
    });
  }
}

/** The answers so far, by the list of members that an object can have: the same few names come with each object. */
const answers = new WeakMap<readonly string[], Map<string, string | undefined>>();

/** Names beyond this are data rather than names of members. */
const mostAnswers = 1000;

/** The member that a name was probably meant to be; undefined for a member itself, and for the name of another thing. */
function meantMember(key: string, known: readonly string[]): string | undefined {
  let found = answers.get(known);
  if (found === undefined) answers.set(known, (found = new Map<string, string | undefined>()));
  if (found.has(key)) return found.get(key);
  const isMember = known.includes(key);
  const meant = isMember ? undefined : (known.find((name) => isStemOf(key, name)) ?? nearestName(key, known));
  if (found.size < mostAnswers) found.set(key, meant);
  return meant;
}
