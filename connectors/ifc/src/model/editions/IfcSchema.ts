import type { StepFile } from "../../step/StepFile.js";
import { expectDefined } from "../../expectDefined.js";
import { webIfc } from "./webIfc.js";

/** An attribute of an entity type, in the order of the schema. */
export interface IfcAttribute {
  /** As the schema spells it, such as `OverallHeight`. */
  name: string;
  /** What it holds. A select of values and references counts as a reference. */
  holds: "text" | "real" | "integer" | "values" | "reference" | "references";
  /** The type of its values in upper case, such as `IFCPOSITIVELENGTHMEASURE`; undefined for enumerations. */
  measure?: string;
}

/** The names under which schemas stand in files, by the one that covers them. */
const editions = webIfc.SchemaNames as readonly (readonly string[] | undefined)[];

type TypeTable<T> = Readonly<Record<number, T | undefined>>;

/** The codes of all subtypes of a type, by its code. */
type SubtypeTable = Readonly<Record<number, readonly number[]>>;

/** What the schema of a file knows of its entity types: the tables that web-ifc was generated with. */
export class IfcSchema {
  /** `IFC2X3`, `IFC4` or `IFC4X3`. */
  public readonly name: string;
  private readonly _readers: TypeTable<(values: readonly unknown[]) => object>;
  private readonly _initialisers: TypeTable<(value: unknown) => object>;
  private readonly _spellings = new Map<string, string>();
  private readonly _codes = new Map<string, number>();
  private readonly _supertypes = new Map<string, string>();
  private readonly _ancestors = new Map<string, ReadonlySet<string>>();
  private readonly _attributes = new Map<string, IfcAttribute[]>();
  /** The places of the attributes of a type, by their names. */
  private readonly _indices = new Map<string, ReadonlyMap<string, number>>();

  private constructor(index: number) {
    this.name = expectDefined(editions[index]?.[0]);
    this._readers = expectDefined((webIfc.FromRawLineData as TypeTable<IfcSchema["_readers"]>)[index]);
    this._initialisers = expectDefined((webIfc.TypeInitialisers as TypeTable<IfcSchema["_initialisers"]>)[index]);
    const names = namesByCode();
    for (const [code, name] of names) this._codes.set(name, code);
    this._collectSupertypes(expectDefined((webIfc.InheritanceDef as TypeTable<SubtypeTable>)[index]), names);
  }

  /** The schema of an edition; undefined for one that web-ifc does not know. */
  public static find(name: string): IfcSchema | undefined {
    const index = editions.findIndex((names) => names?.includes(name));
    return index < 0 ? undefined : new IfcSchema(index);
  }

  /** The names of all entity types, in upper case. */
  public get types(): string[] {
    return [...this._codes.keys()].filter((type) => this.has(type));
  }

  /** Whether the schema has an entity type of a name. */
  public has(type: string): boolean {
    return this._readers[this._codes.get(type) ?? 0] !== undefined;
  }

  /** The supertypes of a type from the nearest to the farthest, all in upper case. */
  public supertypesOf(type: string): ReadonlySet<string> {
    let ancestors = this._ancestors.get(type);
    if (ancestors === undefined) this._ancestors.set(type, (ancestors = this._findAncestors(type)));
    return ancestors;
  }

  /** Whether a type is another one or a subtype of it. */
  public isA(type: string, supertype: string): boolean {
    return type === supertype || this.supertypesOf(type).has(supertype);
  }

  /** All subtypes of a type, in upper case. */
  public subtypesOf(type: string): string[] {
    return [...this._supertypes.keys()].filter((candidate) => this.supertypesOf(candidate).has(type));
  }

  /** The attributes of a type; none for one that the schema does not have. */
  public attributesOf(type: string): readonly IfcAttribute[] {
    let attributes = this._attributes.get(type);
    if (attributes === undefined) this._attributes.set(type, (attributes = this._readAttributes(type)));
    return attributes;
  }

  /** The place of an attribute among the values of an instance; -1 for one that the type does not have. */
  public indexOf(type: string, attribute: string): number {
    let indices = this._indices.get(type);
    if (indices === undefined) {
      indices = new Map(this.attributesOf(type).map(({ name }, index) => [name, index]));
      this._indices.set(type, indices);
    }
    return indices.get(attribute) ?? -1;
  }

  /** A type as the schema spells it: `IfcWall` for `IFCWALL`. It is the name of web-ifc's class for it. */
  public spell(type: string): string {
    let spelling = this._spellings.get(type);
    if (spelling === undefined) this._spellings.set(type, (spelling = this._findSpelling(type)));
    return spelling;
  }

  /** The instances of a type and its subtypes. */
  public *instancesOf(file: StepFile, type: string): Generator<number> {
    for (const candidate of this.typesIn(file, type)) yield* file.idsOf(candidate);
  }

  /** A type and its subtypes, those that a file has instances of. */
  public *typesIn(file: StepFile, type: string): Generator<string> {
    for (const candidate of file.types) if (this.isA(candidate, type)) yield candidate;
  }

  private _findSpelling(type: string): string {
    const code = this._codes.get(type) ?? 0;
    const made = this._readers[code]?.(placeholders) ?? this._initialisers[code]?.(placeholder);
    const name = made?.constructor.name ?? type;
    return name.toUpperCase() === type ? name : type;
  }

  private _findAncestors(type: string): ReadonlySet<string> {
    const ancestors = new Set<string>();
    for (let next = this._supertypes.get(type); next !== undefined; next = this._supertypes.get(next))
      ancestors.add(next);
    return ancestors;
  }

  /** The tables have all subtypes of a type in one list, so that the nearest supertype is the one with the fewest. */
  private _collectSupertypes(subtypes: SubtypeTable, names: ReadonlyMap<number, string>): void {
    const bySize = Object.entries(subtypes).sort(([, left], [, right]) => right.length - left.length);
    for (const [code, all] of bySize)
      for (const subtype of all) {
        const [name, supertype] = [names.get(subtype), names.get(Number(code))];
        if (name !== undefined && supertype !== undefined) this._supertypes.set(name, supertype);
      }
  }

  /** An instance made of placeholders shows the names of the attributes, and the classes of their values. */
  private _readAttributes(type: string): IfcAttribute[] {
    const code = this._codes.get(type);
    const read = code === undefined ? undefined : this._readers[code];
    if (read === undefined) return [];
    const [, , ...entries] = Object.entries(read(placeholders));
    return entries.map(([name, value]) => ({ name, ...describeAttribute(value) }));
  }
}

/** A value that can be taken for one of any kind: text, number, reference or list. */
const placeholder = { type: 1, value: "1", map: (read: (item: object) => unknown) => [read(placeholder)] };

/** As many as any entity type has attributes. */
const placeholders = new Array<unknown>(64).fill(placeholder);

/** web-ifc's codes of the tokens that a value is written as. */
const holdsByCode: Readonly<Record<number, IfcAttribute["holds"]>> = {
  [webIfc.REAL]: "real",
  [webIfc.INTEGER]: "integer",
  [webIfc.REF]: "reference",
};

function describeAttribute(value: unknown): Omit<IfcAttribute, "name"> {
  if (Array.isArray(value))
    return { holds: describeAttribute(value[0]).holds === "reference" ? "references" : "values" };
  const { name, type } = (value ?? {}) as { name?: unknown; type?: number };
  return { holds: holdsByCode[type ?? 0] ?? "text", ...(typeof name === "string" && { measure: name }) };
}

/** web-ifc exports the number of each type under its name in upper case. */
function namesByCode(): Map<number, string> {
  const constants = Object.entries(webIfc).filter(
    ([name, code]) => /^IFC[A-Z0-9]+$/.test(name) && typeof code === "number",
  );
  return new Map(constants.map(([name, code]) => [code as number, name]));
}
