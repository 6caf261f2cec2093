import { countText } from "../counted.js";
import type { ReportOptions } from "./outputFlags.js";

/** So many things are listed in each section, and so many lines of each, where not all is asked for. */
const shownAtMost = 20;

/** One thing in a section: a line, and the lines that belong to it. */
export interface Entry {
  line: string;
  details: string[];
}

/** A heading with a total, the things under it, and an empty line; nothing where there are none. */
export function section(title: string, entries: readonly Entry[], options: ReportOptions): string[] {
  if (entries.length === 0) return [];
  const lines = limited(
    entries.map(({ line, details }) => [line, ...limited(details, options, String).map((detail) => `  ${detail}`)]),
    options,
    (more) => [more],
  );
  return [`${title} (${countText(entries.length)}):`, ...lines.flat().map((line) => `  ${line}`), ""];
}

/** The first things of many, and how many more there are. */
export function limited<T>(
  things: readonly T[],
  { verbose }: ReportOptions,
  toThing: (text: string) => T,
): readonly T[] {
  const left = things.length - shownAtMost;
  if (verbose || left <= 0) return things;
  return [...things.slice(0, shownAtMost), toThing(`and ${countText(left)} more; --verbose shows all`)];
}
