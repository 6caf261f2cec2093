import type { IModelDb } from "@itwin/core-backend";
import { KindOfQuantity, UnitConverter, type InvertedUnit, type Unit } from "@itwin/ecschema-metadata";
import type { PropertyInfo } from "./PropertyInfo.js";

/** The unit of the values of a property. */
export interface PropertyUnit {
  /** The unit in which the iModel holds the values. */
  readonly unit: string;
  /** A value in the unit in which people like to read it, with that unit. */
  readonly present?: (value: number) => string;
}

/** Digits of a value in another unit, where the format gives none. */
const defaultPrecision = 4;

/** The unit of the platform for what has none. */
const pureNumber = "ONE";

/**
 * The units of properties: that of the kind of quantity, or the one that the connector for IFC found in the source, which
 * it writes into the description of the property: `IfcLengthMeasure in mm`.
 */
export class Units {
  private readonly _ofKinds = new Map<string, Promise<PropertyUnit | undefined>>();

  public constructor(private readonly _imodel: IModelDb) {}

  /** The unit of a property, if it has one. */
  public async of({ kindOfQuantity, description, type }: PropertyInfo): Promise<PropertyUnit | undefined> {
    if (type !== "number" && type !== "integer" && type !== "point") return undefined;
    if (kindOfQuantity === undefined) return sourceUnit(description);
    let unit = this._ofKinds.get(kindOfQuantity);
    if (unit === undefined) this._ofKinds.set(kindOfQuantity, (unit = this._read(kindOfQuantity)));
    return unit;
  }

  private async _read(name: string): Promise<PropertyUnit | undefined> {
    const context = this._imodel.schemaContext;
    const [schema = "", item = ""] = name.split(":");
    const kind = await context.getSchemaItem(schema, item, KindOfQuantity);
    const persistence = await kind?.persistenceUnit;
    if (kind === undefined || persistence === undefined || persistence.name === pureNumber) return undefined;
    const present = await this._presentationOf(kind, persistence);
    return { unit: labelOf(persistence), ...(present && { present }) };
  }

  /** Undefined where values are shown in the unit in which they are kept. */
  private async _presentationOf(
    kind: KindOfQuantity,
    persistence: Unit | InvertedUnit,
  ): Promise<PropertyUnit["present"]> {
    const format = await kind.defaultPresentationFormat;
    const [shown, givenLabel] = format?.units?.[0] ?? [];
    const unit = await shown;
    if (unit === undefined || unit.fullName === persistence.fullName) return undefined;
    const converter = new UnitConverter(this._imodel.schemaContext);
    const conversion = await converter.calculateConversion(persistence.fullName, unit.fullName);
    const precision = format?.precision ?? defaultPrecision;
    return (value) => `${Number(conversion.evaluate(value).toFixed(precision))} ${givenLabel ?? labelOf(unit)}`;
  }
}

function labelOf(unit: Unit | InvertedUnit): string {
  return unit.label ?? unit.name;
}

/** What the source says of the property stands behind a colon. */
function sourceUnit(description: string | undefined): PropertyUnit | undefined {
  const unit = /^(?:Ifc\w+|double|long) in ([^:]+)/.exec(description ?? "")?.[1];
  return unit === undefined ? undefined : { unit };
}
