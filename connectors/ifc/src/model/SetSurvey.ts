import type { ValueDescription, ValueSet } from "./NamedValue.js";
import type { SurveyedSet } from "./records.js";

/** Collects which sets there are, and which properties they have. */
export class SetSurvey {
  private readonly _sets = new Map<string, Map<string, ValueDescription>>();

  /** Takes in a set of one entity. */
  public add({ name, values }: ValueSet): void {
    let known = this._sets.get(name);
    if (known === undefined) this._sets.set(name, (known = new Map<string, ValueDescription>()));
    for (const { label, type, measure, unit } of values) {
      const key = JSON.stringify([label, type, unit]);
      if (!known.has(key)) known.set(key, { label, type, ...(measure && { measure }), ...(unit && { unit }) });
    }
  }

  /** All sets, in the order of their names, so that the order of the file means nothing. */
  public get sets(): SurveyedSet[] {
    const sorted = [...this._sets].sort(([left], [right]) => (left < right ? -1 : 1));
    return sorted.map(([name, values]) => ({
      name,
      values: [...values].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, description]) => description),
    }));
  }
}
