import { expectDefined } from "@itwin/core-bentley";
import { baseClasses } from "../model/editions/bisClasses.js";
import type { SurveyedClass } from "../model/records.js";
import type { KnownClass } from "./knownClasses.js";

/**
 * Which class is below which: where the iModel has a class, its base is what it is there, because that cannot change; else it
 * is what the hierarchy of all editions of IFC says. So an iModel keeps the chains of its first version, and new classes
 * come below them.
 */
export class ClassTree {
  private readonly _surveyed: ReadonlyMap<string, SurveyedClass>;
  private readonly _known: ReadonlyMap<string, KnownClass>;
  private readonly _below = new Map<string, KnownClass[]>();

  /** @param _knownBases - the bases of the classes that the iModel has, by name */
  public constructor(
    surveyed: readonly SurveyedClass[],
    known: readonly KnownClass[],
    private readonly _knownBases: ReadonlyMap<string, string>,
  ) {
    this._surveyed = new Map(surveyed.map((each) => [each.name, each]));
    this._known = new Map(known.map((each) => [each.name, each]));
    for (const each of known)
      for (const base of this._basesOf(each.name)) {
        const below = this._below.get(base);
        if (below === undefined) this._below.set(base, [each]);
        else below.push(each);
      }
  }

  /** The classes that entities need, each after its base. */
  public get needed(): string[] {
    const needed = new Set<string>();
    for (const { name, isUsed } of this._surveyed.values())
      if (isUsed) for (const member of [...this._basesOf(name)].reverse().concat(name)) needed.add(member);
    return [...needed];
  }

  /** The class with what the file needs of it; undefined for one that only the iModel has. */
  public surveyed(name: string): SurveyedClass | undefined {
    return this._surveyed.get(name);
  }

  /** The class as the iModel has it. */
  public known(name: string): KnownClass | undefined {
    return this._known.get(name);
  }

  /** The base within the schema; undefined for one whose base is a class of BIS. */
  public baseOf(name: string): string | undefined {
    const known = this._knownBases.get(name);
    if (known !== undefined) return known.includes(":") ? undefined : known;
    return this._surveyed.get(name)?.base;
  }

  /** The full name of the base, or its name alone within the schema. */
  public baseClassOf(name: string): string {
    const kind = () => expectDefined(this._surveyed.get(name)).kind;
    return this._knownBases.get(name) ?? this.baseOf(name) ?? baseClasses[kind()];
  }

  /** The classes of the iModel below a class. */
  public knownBelow(name: string): readonly KnownClass[] {
    return this._below.get(name) ?? [];
  }

  private *_basesOf(name: string): Generator<string> {
    for (let next = this.baseOf(name); next !== undefined; next = this.baseOf(next)) yield next;
  }
}
