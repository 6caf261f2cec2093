import type { IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import type { QueryRow } from "./EcsqlRow.js";
import { parseClassName } from "./classNames.js";
import { schemaOfAlias } from "./schemaVersions.js";
import { idOrUndefined, queryIds, queryRows, queryRowsOfIds } from "./queries.js";

/** The values of `ECPropertyDef.Kind` in the schema ECDbMeta. */
export const propertyKind = { primitive: 0, struct: 1, primitiveArray: 2, structArray: 3, navigation: 4 };

/** The values of `ECPropertyDef.PrimitiveType` in the schema ECDbMeta. */
export const primitiveType = {
  binary: 0x101,
  boolean: 0x201,
  dateTime: 0x301,
  double: 0x401,
  int: 0x501,
  long: 0x601,
  point2d: 0x701,
  point3d: 0x801,
  string: 0x901,
};

/** The limits that a schema sets for the values of a property. */
export interface PropertyLimits {
  readonly minValue?: number;
  readonly maxValue?: number;
  /** Letters of a text. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Entries of an array. */
  readonly maxOccurs?: number;
}

/** A property as the metadata of an iModel describe it (schema ECDbMeta). */
export interface PropertyInfo {
  readonly id: Id64String;
  readonly name: string;
  /** See {@link propertyKind}. */
  readonly kind: number;
  /** See {@link primitiveType}; also of the elements of an array. */
  readonly type?: number;
  readonly extendedType?: string;
  /** Whether BisCore declares it, so that its name says what it is for. */
  readonly isOfBis: boolean;
  readonly structId?: Id64String;
  readonly enumerationId?: Id64String;
  /** The relationship of a navigation property. */
  readonly relationshipId?: Id64String;
  /** Whether a navigation property leads to the target of its relationship. */
  readonly leadsForward: boolean;
  readonly limits: PropertyLimits;
}

/** The value of `ECPropertyDef.NavigationDirection` for a property that leads to the target of its relationship. */
const forward = 1;

/** The values of `ECRelationshipConstraintDef.RelationshipEnd`. */
const relationshipEnd = { source: 0, target: 1 };

/** The id of a class by its name, as `Schema:Class` or `Schema.Class`, in any case of letters. */
export function findClassId(imodel: IModelDb, className: string): Id64String | undefined {
  const { schema, name } = parseClassName(className, "");
  const ecsql = `
    SELECT c.ECInstanceId FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
    WHERE s.Name=? AND c.Name=?`;
  return queryIds(imodel, ecsql, [{ text: schema }, { text: name }])[0];
}

/**
 * Reads the properties of a class and of its base classes, each name once. An override keeps the type of the property, so
 * that any of its descriptions serves; one outside BisCore is not preferred.
 */
export function readClassProperties(imodel: IModelDb, classId: Id64String): PropertyInfo[] {
  const ecsql = `
    SELECT p.ECInstanceId, p.Name, p.Kind, p.PrimitiveType, p.ExtendedTypeName, s.Name, p.StructClass.Id,
      p.Enumeration.Id, p.NavigationRelationshipClass.Id, p.NavigationDirection,
      p.PrimitiveTypeMinValue, p.PrimitiveTypeMaxValue, p.PrimitiveTypeMinLength, p.PrimitiveTypeMaxLength,
      p.ArrayMaxOccurs
    FROM meta.ClassHasAllBaseClasses h
      JOIN meta.ECPropertyDef p ON p.Class.Id=h.TargetECInstanceId
      JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
      JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
    WHERE h.SourceECInstanceId=?`;
  const rows = queryRows(imodel, ecsql, [classId], (row) => ({
    id: row.getValueId(0),
    name: row.getValueString(1),
    kind: row.getValueInteger(2),
    type: row.isValueNull(3) ? undefined : row.getValueInteger(3),
    extendedType: row.getValueStringMaybe(4),
    isOfBis: row.getValueString(5) === "BisCore",
    structId: idOrUndefined(row, 6),
    enumerationId: idOrUndefined(row, 7),
    relationshipId: idOrUndefined(row, 8),
    leadsForward: !row.isValueNull(9) && row.getValueInteger(9) === forward,
    limits: {
      minValue: numberOrUndefined(row, 10),
      maxValue: numberOrUndefined(row, 11),
      minLength: numberOrUndefined(row, 12),
      maxLength: numberOrUndefined(row, 13),
      maxOccurs: numberOrUndefined(row, 14),
    },
  }));
  rows.sort((left, right) => Number(left.isOfBis) - Number(right.isOfBis)); // the last one of a name is taken
  return [...new Map(rows.map((property) => [property.name.toLowerCase(), property])).values()];
}

function numberOrUndefined(row: QueryRow, column: number): number | undefined {
  return row.isValueNull(column) ? undefined : row.getValueDouble(column);
}

/** The ids of a class and all its base classes, mixins included. */
export function readBaseClasses(imodel: IModelDb, classId: Id64String): Id64String[] {
  const ecsql = "SELECT TargetECInstanceId FROM meta.ClassHasAllBaseClasses WHERE SourceECInstanceId=?";
  return queryIds(imodel, ecsql, [classId]);
}

/** The classes that an end of a relationship allows. */
export function readConstraintClasses(
  imodel: IModelDb,
  relationshipId: Id64String,
  end: keyof typeof relationshipEnd,
): Id64String[] {
  const ecsql = `
    SELECT h.TargetECInstanceId
    FROM meta.ECRelationshipConstraintDef k
      JOIN meta.RelationshipConstraintHasClasses h ON h.SourceECInstanceId=k.ECInstanceId
    WHERE k.RelationshipClass.Id=? AND k.RelationshipEnd=${relationshipEnd[end]}`;
  return queryIds(imodel, ecsql, [relationshipId]);
}

/** The classes above all link-table relationships. */
export const linkRoots = ["BisCore:ElementRefersToElements", "BisCore:ElementDrivesElement"];

/** The values of `ECClassDef.Type` in the schema ECDbMeta. */
export const classType = { entity: 0, relationship: 1, struct: 2, customAttribute: 3 };

/** The values of `ECClassDef.Modifier` for a class that can have no instances, and for one that can have no subclasses. */
const [abstract, sealed] = [1, 2];

/** What a class is. */
export interface ClassInfo {
  /** See {@link classType}. */
  type: number;
  isAbstract: boolean;
  isSealed: boolean;
  attributes: CustomAttributes;
}

/** Reads what a class is. */
export function readClassInfo(imodel: IModelDb, classId: Id64String): ClassInfo {
  const ecsql = "SELECT Type, Modifier FROM meta.ECClassDef WHERE ECInstanceId=?";
  const read = (row: QueryRow) => ({
    type: row.getValueInteger(0),
    isAbstract: row.getValueInteger(1) === abstract,
    isSealed: row.getValueInteger(1) === sealed,
  });
  const attributes = queryRows(
    imodel,
    "SELECT Instance FROM meta.ClassCustomAttribute WHERE Class.Id=?",
    [classId],
    (row) => parseAttribute(row.getValueString(0)),
  );
  return { ...expectDefined(queryRows(imodel, ecsql, [classId], read)[0]), attributes: new Map(attributes) };
}

/** The class to which a mixin can be added, if a class is a mixin. Its schema is named, or meant by its alias or by nothing. */
export function findMixinTarget(imodel: IModelDb, classId: Id64String): Id64String | undefined {
  const { AppliesToEntityClass: given } = readClassInfo(imodel, classId).attributes.get("IsMixin") ?? {};
  if (typeof given !== "string") return undefined;
  const { schema, name } = parseClassName(given, parseClassName(readClassName(imodel, classId), "").schema);
  return findClassId(imodel, `${schemaOfAlias(imodel, schema) ?? schema}:${name}`);
}

/** The name of a class, as `Schema:Class`. */
export function readClassName(imodel: IModelDb, classId: Id64String): string {
  const ecsql = `
    SELECT s.Name, c.Name FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
    WHERE c.ECInstanceId=?`;
  const read = (row: QueryRow) => `${row.getValueString(0)}:${row.getValueString(1)}`;
  return expectDefined(queryRows(imodel, ecsql, [classId], read)[0]);
}

/** A text that differs when classes or properties were added, by the import of a schema. */
export function readSchemaState(imodel: IModelDb): string {
  const stateOf = (table: string) =>
    queryRows(imodel, `SELECT count(*), max(ECInstanceId) FROM meta.${table}`, [], (row) =>
      [row.getValueInteger(0), row.getValueInteger(1)].join(" "),
    );
  return [...stateOf("ECClassDef"), ...stateOf("ECPropertyDef")].join();
}

/** The names of all classes of a schema. */
export function readClassNames(imodel: IModelDb, schemaName: string): string[] {
  const ecsql = `
    SELECT c.Name FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id WHERE s.Name=?`;
  return queryRows(imodel, ecsql, [{ text: schemaName }], (row) => row.getValueString(0));
}

/** Custom attributes by the names of their classes, without schemas. */
export type CustomAttributes = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Reads the custom attributes of properties, by the ids of these. */
export function readCustomAttributes(
  imodel: IModelDb,
  properties: readonly PropertyInfo[],
): Map<Id64String, CustomAttributes> {
  const found = new Map(properties.map(({ id }) => [id, new Map<string, Record<string, unknown>>()]));
  const ecsqlOf = (ids: string) =>
    `SELECT Property.Id, Instance FROM meta.PropertyCustomAttribute WHERE Property.Id IN (${ids})`;
  const rows = queryRowsOfIds(imodel, found.keys(), ecsqlOf, (row) => ({
    propertyId: row.getValueId(0),
    attribute: parseAttribute(row.getValueString(1)),
  }));
  for (const { propertyId, attribute } of rows) found.get(propertyId)?.set(...attribute);
  return found;
}

/** The name of the class of a custom attribute, without schema, and its values. */
function parseAttribute(json: string): [className: string, values: Record<string, unknown>] {
  const instance = JSON.parse(json) as { ecClass: string } & Record<string, Record<string, unknown>>;
  return [instance.ecClass, instance[instance.ecClass] ?? {}];
}

/** An enumeration of a schema. */
export interface EnumerationInfo {
  name: string;
  /** Whether only the values of its enumerators are allowed. */
  isStrict: boolean;
  isText: boolean;
  /** The values of its enumerators. */
  values: (number | string)[];
}

/** Reads an enumeration of a schema. */
export function readEnumeration(imodel: IModelDb, enumerationId: Id64String): EnumerationInfo {
  const ecsql = "SELECT Name, IsStrict, Type, EnumValues FROM meta.ECEnumerationDef WHERE ECInstanceId=?";
  const read = (row: QueryRow) => ({
    name: row.getValueString(0),
    isStrict: row.getValueInteger(1) !== 0,
    isText: row.getValueInteger(2) === primitiveType.string,
    values: (JSON.parse(row.getValueString(3)) as { IntValue?: number; StringValue?: string }[]).map(
      ({ IntValue, StringValue }) => expectDefined(IntValue ?? StringValue),
    ),
  });
  return expectDefined(queryRows(imodel, ecsql, [enumerationId], read)[0]);
}
