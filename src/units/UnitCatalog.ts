import { Measures, type Measure } from "./Measure.js";
import { toNumber } from "./Rational.js";
import { readUnitsSchema, type DefinedUnit, type UnitsSchema } from "./readUnitsSchema.js";
import type { Unit } from "./Unit.js";
import { UnitTexts } from "./UnitTexts.js";

/** A schema in front of the name of a unit. */
const schemaPrefix = /^\s*(?:units|u)[.:]/i;

/** The units of the platform. The schema is read when the first unit is looked up. */
class UnitCatalog {
  private readonly _schema: UnitsSchema = readUnitsSchema();
  private readonly _measures = new Measures(this._schema);
  private readonly _texts = new UnitTexts(this._schema, this._measures);
  private readonly _found = new Map<string, Unit | undefined>();
  private readonly _units = new Map<string, Unit>();

  /** All units, in the order of the schema. */
  public get units(): Unit[] {
    return [...this._schema.units.values()].map((unit) => this._unitOf(unit));
  }

  public find(text: string): Unit | undefined {
    return this._remember(`name ${text}`, () => this._findByName(text));
  }

  public findSymbol(text: string): Unit | undefined {
    return this._remember(`symbol ${text}`, () => this._texts.find(text));
  }

  public measureOf({ name }: Unit): Measure {
    return this._measures.of(name);
  }

  /** The unit of a quantity that is 1 in the base units, the one of SI if there are several. */
  public coherentUnitOf(phenomenon: string): Unit | undefined {
    const units = [...this._schema.units.values()].filter((unit) => unit.phenomenon === phenomenon);
    const coherent = units.map((unit) => ({ unit, made: this._unitOf(unit) }));
    const ones = coherent.filter(({ made }) => made.factor === 1 && made.offset === 0);
    return (ones.find(({ unit }) => unit.system === "SI") ?? ones[0])?.made;
  }

  /** A text that is the name of one unit and the symbol of another one, such as `MN`, is neither. */
  private _findByName(text: string): DefinedUnit | undefined {
    if (schemaPrefix.test(text)) return this._schema.units.get(text.replace(schemaPrefix, "").trim());
    const [named, written] = [this._schema.units.get(text.trim()), this._texts.find(text)];
    return named !== undefined && written !== undefined && named !== written ? undefined : (named ?? written);
  }

  private _remember(key: string, find: () => DefinedUnit | undefined): Unit | undefined {
    if (this._found.has(key)) return this._found.get(key);
    const defined = find();
    const unit = defined && this._unitOf(defined);
    this._found.set(key, unit);
    return unit;
  }

  private _unitOf({ name, label, phenomenon }: DefinedUnit): Unit {
    let unit = this._units.get(name);
    if (unit !== undefined) return unit;
    const { factor, offset } = this._measures.of(name);
    unit = {
      name,
      fullName: `Units.${name}`,
      label: label ?? name,
      phenomenon,
      phenomenonLabel: this._schema.phenomena.get(phenomenon)?.label ?? phenomenon,
      factor: toNumber(factor),
      offset: toNumber(offset),
    };
    this._units.set(name, unit);
    return unit;
  }
}

let catalog: UnitCatalog | undefined;

export function unitCatalog(): UnitCatalog {
  return (catalog ??= new UnitCatalog());
}
