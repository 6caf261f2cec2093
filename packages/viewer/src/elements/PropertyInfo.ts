import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { eachRow, idIn, numberIn, textIn, type Row } from "./rows.js";

/** The type of a value. */
export type ValueType =
  "text" | "number" | "integer" | "boolean" | "dateTime" | "point" | "guid" | "binary" | "element" | "structure";

/** A property of a class. */
export interface PropertyInfo {
  readonly name: string;
  readonly label: string;
  readonly type: ValueType;
  readonly description?: string;
  /** The class that declares it, as `Schema:Class`. */
  readonly declaredBy: string;
  readonly declaredByLabel: string;
  /** The category of properties to which the schema assigns it. */
  readonly category?: { readonly name: string; readonly label: string };
  /** The kind of quantity, as `Schema:Name`. */
  readonly kindOfQuantity?: string;
  /** What the values of an enumeration are called. */
  readonly enumerators?: ReadonlyMap<string, string>;
  /** The relationship of a navigation property. */
  readonly relationshipId?: Id64String;
  /** Whether a navigation property leads to the target of its relationship. */
  readonly leadsForward: boolean;
}

const primitiveTypes: Readonly<Record<number, ValueType>> = {
  0x101: "binary",
  0x201: "boolean",
  0x301: "dateTime",
  0x401: "number",
  0x501: "integer",
  0x601: "integer",
  0x701: "point",
  0x801: "point",
  0x901: "text",
};

/** The values of `ECPropertyDef.Kind`. */
const kinds = { primitive: 0, navigation: 4 };

/** The value of `ECPropertyDef.NavigationDirection` for a property that leads to the target of its relationship. */
const forward = 1;

const ecsql = `
  SELECT p.Class.Id, p.Name, p.DisplayLabel, p.Description, p.Kind, p.PrimitiveType, p.ExtendedTypeName,
    s.Name, c.Name, c.DisplayLabel, g.Name, g.DisplayLabel, ks.Name, k.Name, n.EnumValues,
    p.NavigationRelationshipClass.Id, p.NavigationDirection
  FROM meta.ECPropertyDef p
    JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
    JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
    LEFT JOIN meta.PropertyCategoryDef g ON g.ECInstanceId=p.Category.Id
    LEFT JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id
    LEFT JOIN meta.ECSchemaDef ks ON ks.ECInstanceId=k.Schema.Id
    LEFT JOIN meta.ECEnumerationDef n ON n.ECInstanceId=p.Enumeration.Id
  ORDER BY p.Class.Id, p.Ordinal`;

/** Reads all properties of all classes, each with the class that declares it. */
export async function* readProperties(
  imodel: IModelDb,
): AsyncGenerator<{ classId: Id64String; property: PropertyInfo }> {
  for await (const row of eachRow(imodel, ecsql)) yield { classId: idIn(row, 0), property: propertyOf(row) };
}

function propertyOf(row: Row): PropertyInfo {
  const name = String(row[1]);
  const [declaringClass, category, quantity] = [String(row[8]), textIn(row, 10), textIn(row, 13)];
  return {
    name,
    label: textIn(row, 2) ?? name,
    type: typeOf(row),
    description: textIn(row, 3),
    declaredBy: `${String(row[7])}:${declaringClass}`,
    declaredByLabel: textIn(row, 9) ?? declaringClass,
    category: category === undefined ? undefined : { name: category, label: textIn(row, 11) ?? category },
    kindOfQuantity: quantity === undefined ? undefined : `${String(row[12])}:${quantity}`,
    enumerators: enumeratorsOf(row[14]),
    relationshipId: textIn(row, 15),
    leadsForward: numberIn(row, 16) === forward,
  };
}

function typeOf(row: Row): ValueType {
  const kind = numberIn(row, 4);
  if (kind === kinds.navigation) return "element";
  if (kind !== kinds.primitive) return "structure";
  const type = primitiveTypes[numberIn(row, 5)] ?? "structure";
  return type === "binary" && row[6] === "BeGuid" ? "guid" : type;
}

interface Enumerator {
  readonly IntValue?: number;
  readonly StringValue?: string;
  readonly Name?: string;
  readonly DisplayLabel?: string;
}

function enumeratorsOf(read: unknown): ReadonlyMap<string, string> | undefined {
  if (!Array.isArray(read)) return undefined;
  const enumerators = read as readonly Enumerator[];
  return new Map(
    enumerators.map(({ IntValue, StringValue, Name, DisplayLabel }) => {
      const value = String(IntValue ?? StringValue);
      return [value, DisplayLabel ?? Name ?? value];
    }),
  );
}
