import { expectDefined } from "../../expectDefined.js";
import { IfcSchema, type IfcAttribute } from "./IfcSchema.js";

/** The editions from the newest to the oldest. */
const names = ["IFC4X3", "IFC4", "IFC2X3"] as const;

/**
 * Supertypes that got another name: the older one is below the newer one, so that queries by either name find what both
 * editions have. What the newer edition added, such as IfcPavement, is only below the newer one.
 */
const renamed: Readonly<Record<string, string>> = {
  IFCBUILTELEMENT: "IFCBUILDINGELEMENT",
  IFCBUILTELEMENTTYPE: "IFCBUILDINGELEMENTTYPE",
};

/** An attribute in an edition. */
export interface EditionAttribute {
  readonly attribute: IfcAttribute;
  readonly edition: IfcSchema;
}

/**
 * The entity types of IFC2X3, IFC4 and IFC4X3 in one hierarchy, so that the classes of an iModel do not depend on the edition
 * of a file. A type has the supertype of the newest edition that has the type, and the attributes of all editions.
 */
export class AllEditions {
  private readonly _editions: readonly IfcSchema[];
  private readonly _supertypes = new Map<string, ReadonlySet<string>>();
  /** By a newer supertype, the types below it that are below its older name. */
  private readonly _ofOlderName = new Map<string, ReadonlySet<string>>();

  public constructor() {
    this._editions = names.map((name) => expectDefined(IfcSchema.find(name)));
    for (const [newer, older] of Object.entries(renamed)) this._ofOlderName.set(newer, this._findOlder(newer, older));
  }

  /** The supertypes of a type from the nearest to the farthest, all in upper case. */
  public supertypesOf(type: string): ReadonlySet<string> {
    let all = this._supertypes.get(type);
    if (all === undefined) {
      const next = this._supertypeOf(type);
      all = new Set(next === undefined ? [] : [next, ...this.supertypesOf(next)]);
      this._supertypes.set(type, all);
    }
    return all;
  }

  /** A type as the schemas spell it. */
  public spell(type: string): string {
    const spellings = this._editions.map((edition) => edition.spell(type));
    return spellings.find((spelling) => spelling !== type) ?? type;
  }

  /** The attributes of a type in all editions, the newest first. */
  public attributesOf(type: string): EditionAttribute[] {
    return this._editions.flatMap((edition) => this.attributesIn(edition, type));
  }

  /**
   * The attributes of a type in an edition, where possible of the same type as in the others: what IFC2X3 calls BOOLEAN is
   * not told from an enumeration by its table, and an IfcBoolean in IFC4.
   */
  public attributesIn(edition: IfcSchema, type: string): EditionAttribute[] {
    return edition.attributesOf(type).map((attribute) => ({
      attribute: this._isBoolean(type, attribute) ? { ...attribute, measure: "IFCBOOLEAN" } : attribute,
      edition,
    }));
  }

  /**
   * The attributes of a type that stand, in an edition, where the newest one has another attribute, by their places: the same
   * values mean something else there.
   */
  public attributesInOtherPlaces(edition: IfcSchema, type: string): ReadonlyMap<number, string> {
    const newest = expectDefined(this._editions[0]).attributesOf(type);
    const isOther = (name: string, index: number) => newest[index] !== undefined && newest[index].name !== name;
    const all = edition.attributesOf(type).map(({ name }, index) => [index, name] as const);
    return new Map(all.filter(([index, name]) => isOther(name, index)));
  }

  private _isBoolean(type: string, { name, holds, measure }: IfcAttribute): boolean {
    if (holds !== "text" || measure !== undefined) return false;
    return this._editions.some((edition) =>
      edition.attributesOf(type).some((other) => other.name === name && other.measure === "IFCBOOLEAN"),
    );
  }

  private _supertypeOf(type: string): string | undefined {
    const newer = Object.keys(renamed).find((name) => renamed[name] === type);
    if (newer !== undefined) return newer;
    const [nearest] = this._editions.map((edition) => [...edition.supertypesOf(type)]).find(hasSome) ?? [];
    const isOfOlderName = nearest !== undefined && this._ofOlderName.get(nearest)?.has(type);
    return isOfOlderName ? renamed[nearest] : nearest;
  }

  /** Types that an older edition has below the older name, and supertypes that a newer edition put between. */
  private _findOlder(newer: string, older: string): Set<string> {
    const [newest, ...others] = this._editions;
    const found = new Set<string>();
    for (const type of expectDefined(newest).subtypesOf(newer))
      if (others.some((edition) => edition.isA(type, older)))
        for (const member of [type, ...expectDefined(newest).supertypesOf(type)]) found.add(member);
    return found;
  }
}

function hasSome(list: readonly string[]): boolean {
  return list.length > 0;
}
