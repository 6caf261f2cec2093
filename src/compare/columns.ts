import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { primitiveType, propertyKind, type PropertyInfo } from "../imodel/classMetadata.js";
import { isIgnored } from "./whatCounts.js";

/**
 * What a column holds, and so how it is compared: as it is, or by what it leads to.
 * A `placement` of zero is the same as none: the platform writes either for an element without geometry.
 * `identifier` is text in which the framework puts ids where it names a part after its code.
 * `other` leads to what has no identity here; only whether it leads anywhere is compared.
 */
export type ColumnKind =
  | "value"
  | "placement"
  | "time"
  | "json"
  | "guid"
  | "element"
  | "codeSpec"
  | "other"
  | "class"
  | "identifier"
  | "geometry";

/** One column of the rows of a class: a property, or a part of one that has several values. */
export interface Column {
  /** Such as `Origin.X`. */
  readonly name: string;
  /** The same in ECSQL. */
  readonly ecsql: string;
  readonly kind: ColumnKind;
}

/** A property with what it is made of, or leads to. */
export interface Property extends Pick<PropertyInfo, "name" | "kind" | "type" | "extendedType" | "isOfBis"> {
  /** The members of a struct. */
  readonly members?: Property[];
  /** What a navigation property leads to. */
  readonly target?: "element" | "codeSpec" | "other";
}

/** The columns of some properties that count, in the order of their names. */
export function columnsOfProperties(properties: Property[]): Column[] {
  return properties
    .filter((property) => !isIgnored({ ...property, isTime: property.type === primitiveType.dateTime }))
    .flatMap(columnsOfProperty)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function columnsOfProperty(property: Property): Column[] {
  switch (property.kind) {
    case propertyKind.navigation:
      return navigationColumns(property);
    case propertyKind.struct:
      return expectDefined(property.members)
        .flatMap(columnsOfProperty)
        .map((column) => under(property.name, column));
    case propertyKind.primitive:
      return valueColumns(property);
    default: // an array, which the platform keeps as JSON, with its order
      return [{ name: property.name, ecsql: `[${property.name}]`, kind: "value" }];
  }
}

function under(name: string, column: Column): Column {
  return { ...column, name: `${name}.${column.name}`, ecsql: `[${name}].${column.ecsql}` };
}

/** The relationship of a property of BisCore follows from its class, save that of a child to its parent. */
function navigationColumns({ name, isOfBis, target }: Property): Column[] {
  const columns: Column[] = [{ name, ecsql: `[${name}].Id`, kind: expectDefined(target) }];
  const relationship = { name: `${name}.RelECClassId`, ecsql: `[${name}].RelECClassId`, kind: "class" } as const;
  return isOfBis && name !== "Parent" ? columns : [...columns, relationship];
}

function valueColumns(property: Property): Column[] {
  const { name } = property;
  const kind = valueKind(property);
  const axes = axesOf(property.type);
  if (axes.length === 0) return [{ name, ecsql: `[${name}]`, kind }];
  return axes.map((axis) => ({ name: `${name}.${axis}`, ecsql: `[${name}].${axis}`, kind }));
}

function axesOf(type: number | undefined): string[] {
  if (type === primitiveType.point3d) return ["X", "Y", "Z"];
  return type === primitiveType.point2d ? ["X", "Y"] : [];
}

/** The properties of BisCore that are not just values. */
const kindsOfBis = new Map<string, ColumnKind>([
  ["GeometryStream", "geometry"],
  ["Identifier", "identifier"],
  ...["Origin", "Yaw", "Pitch", "Roll", "Rotation", "BBoxLow", "BBoxHigh"].map((name) => [name, "placement"] as const),
]);

function valueKind({ name, type, extendedType, isOfBis }: Property): ColumnKind {
  const kindOfBis = isOfBis ? kindsOfBis.get(name) : undefined;
  if (kindOfBis !== undefined) return kindOfBis;
  if (type === primitiveType.dateTime) return "time";
  if (extendedType === "Json") return "json";
  return type === primitiveType.binary && extendedType === "BeGuid" ? "guid" : "value";
}

/** A class of which there are instances. */
export interface ClassInfo {
  readonly id: Id64String;
  /** Such as `BisCore:Subject`. */
  readonly name: string;
  /** The same in ECSQL. */
  readonly ecsql: string;
}
