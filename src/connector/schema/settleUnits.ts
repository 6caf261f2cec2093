import type { DynamicClass, DynamicLink, DynamicSchema } from "./DynamicSchema.js";
import type { PropertyDescription } from "./SchemaDescription.js";

/**
 * Gives each property the unit that it can have in the iModel. A unit that a property has there cannot change, and a
 * property that a base class has too is kept in the same unit by both.
 * @param known - the schema as the iModel has it
 */
export function settleUnits(schema: DynamicSchema, known: DynamicSchema | undefined): DynamicSchema {
  return new UnitSettlement(schema, known).run();
}

/** A class of elements or of relationships. */
type AnyClass = DynamicClass | DynamicLink;

class UnitSettlement {
  private readonly _classes: ReadonlyMap<string, AnyClass>;
  private readonly _known: ReadonlyMap<string, AnyClass>;
  private readonly _settled = new Map<string, string | undefined>();

  public constructor(
    private readonly _schema: DynamicSchema,
    known: DynamicSchema | undefined,
  ) {
    this._classes = byFullName(_schema.name, [..._schema.classes, ..._schema.links]);
    this._known = byFullName(_schema.name, [...(known?.classes ?? []), ...(known?.links ?? [])]);
  }

  public run(): DynamicSchema {
    const { classes, links } = this._schema;
    const settle = <T extends AnyClass>(described: T) => this._settleClass(described);
    return { ...this._schema, classes: classes.map(settle), links: links.map(settle) };
  }

  private _settleClass<T extends AnyClass>(described: T): T {
    const properties = described.properties.map((property) => this._settle(described, property));
    return properties.every((property, index) => property === described.properties[index])
      ? described
      : { ...described, properties };
  }

  private _settle(owner: AnyClass, property: PropertyDescription): PropertyDescription {
    const settled = this._unitOf(owner, property);
    if (settled === property.unit) return property;
    const others = { ...property };
    delete others.unit;
    return settled === undefined ? others : { ...others, unit: settled };
  }

  private _unitOf(owner: AnyClass, property: PropertyDescription): string | undefined {
    const key = `${owner.name}.${property.name}`.toLowerCase();
    if (!this._settled.has(key)) this._settled.set(key, this._find(owner, property));
    return this._settled.get(key);
  }

  private _find(owner: AnyClass, property: PropertyDescription): string | undefined {
    const known = findProperty(this._known.get(this._keyOf(owner.name)), property.name)?.unit;
    return known ?? this._ofBase(owner, property) ?? (this._isOtherBelow(owner, property) ? undefined : property.unit);
  }

  /** The unit of the same property in the nearest base class that has one. */
  private _ofBase({ baseClass }: AnyClass, { name }: PropertyDescription): string | undefined {
    const base = this._classes.get(baseClass.toLowerCase());
    if (base === undefined) return undefined;
    const same = findProperty(base, name);
    return same === undefined ? this._ofBase(base, { name, type: "double" }) : this._unitOf(base, same);
  }

  /** Whether the iModel has a class below that keeps the same property in another unit. */
  private _isOtherBelow(owner: AnyClass, { name, unit }: PropertyDescription): boolean {
    return [...this._known.values()].some((other) => {
      const same = findProperty(other, name)?.unit;
      return same !== undefined && same !== unit && this._isBelow(other, owner);
    });
  }

  private _isBelow({ baseClass }: AnyClass, owner: AnyClass): boolean {
    if (baseClass.toLowerCase() === this._keyOf(owner.name)) return true;
    const base = this._classes.get(baseClass.toLowerCase());
    return base !== undefined && this._isBelow(base, owner);
  }

  private _keyOf(name: string): string {
    return `${this._schema.name}:${name}`.toLowerCase();
  }
}

function byFullName(schema: string, classes: readonly AnyClass[]): Map<string, AnyClass> {
  return new Map(classes.map((described) => [`${schema}:${described.name}`.toLowerCase(), described]));
}

/** EC names are the same in any case of their letters. */
function findProperty(owner: AnyClass | undefined, name: string): PropertyDescription | undefined {
  return owner?.properties.find((property) => property.name.toLowerCase() === name.toLowerCase());
}
