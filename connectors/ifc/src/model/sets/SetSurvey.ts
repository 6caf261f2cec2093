import { InstanceSet } from "../../step/InstanceSet.js";
import type { SetSource } from "./EntitySets.js";
import type { IfcFile } from "../IfcFile.js";
import type { NamedValue, ValueDescription, ValueSet } from "../NamedValue.js";
import { PropertyShapes } from "./PropertyShapes.js";
import type { SurveyedSet } from "../records.js";
import { TemplateDescriptions } from "./TemplateDescriptions.js";

/** Collects which sets there are, and which properties they have. */
export class SetSurvey {
  private readonly _sets = new Map<string, ValueSurvey>();
  private readonly _templates: TemplateDescriptions;
  private readonly _shapes: PropertyShapes;
  private readonly _seen: InstanceSet;
  private readonly _seenShapes = new Set<string>();

  public constructor(file: IfcFile) {
    this._templates = new TemplateDescriptions(file);
    this._shapes = new PropertyShapes(file);
    this._seen = new InstanceSet(file.step);
  }

  /** Takes in sets of one entity, unless it is known what they have. */
  public take(source: SetSource): void {
    const { instance } = source;
    if (instance !== undefined && this._isKnown(instance)) return;
    for (const set of source.read()) this.add(set);
  }

  /** Whether the sets of an instance, or others of the same shape, were taken in. From now on they are. */
  private _isKnown(instance: number): boolean {
    if (this._seen.has(instance)) return true;
    this._seen.add(instance);
    const shape = this._shapes.of(instance);
    if (shape === undefined) return false;
    if (this._seenShapes.has(shape)) return true;
    if (!this._shapes.hasRepeatedNames(instance)) this._seenShapes.add(shape);
    return false;
  }

  /** Takes in a set of one entity. */
  public add({ name, values }: ValueSet): void {
    let known = this._sets.get(name);
    if (known === undefined) this._sets.set(name, (known = new ValueSurvey()));
    for (const value of values) known.add(value);
  }

  /** All sets, in the order of their names, so that the order of the file means nothing. */
  public get sets(): SurveyedSet[] {
    const sorted = [...this._sets].sort(([left], [right]) => (left < right ? -1 : 1));
    return sorted.map(([name, values]) => this._templates.describe({ name, values: values.descriptions }));
  }
}

/** Collects which values there are, by label, type and unit. */
export class ValueSurvey {
  private readonly _values = new Map<string, ValueDescription>();

  /** Takes in a value. Of different measures and descriptions the first ones in alphabetical order are kept. */
  public add(value: NamedValue): void {
    const { label, type, unit } = value;
    const key = JSON.stringify([label, type, unit]);
    const known = this._values.get(key);
    const measure = firstOf(known?.measure, value.measure);
    const description = firstOf(known?.description, value.description);
    if (known !== undefined && measure === known.measure && description === known.description) return;
    this._values.set(key, {
      label,
      type,
      ...(measure && { measure }),
      ...(unit && { unit }),
      ...(description && { description }),
    });
  }

  /** All of them, in the order of their labels. */
  public get descriptions(): ValueDescription[] {
    return [...this._values].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, description]) => description);
  }
}

function firstOf(known: string | undefined, other: string | undefined): string | undefined {
  return known === undefined || (other !== undefined && other < known) ? other : known;
}
