import { GeometricElement3d, type IModelDb } from "@itwin/core-backend";
import { capitalize, normalizeClassName, parseClassName } from "../../connector/schema/classNames.js";
import type { DynamicClass } from "../../connector/schema/DynamicSchema.js";
import type { ElementClassDescription, LinkClassDescription } from "../../connector/schema/SchemaDescription.js";
import { checkBaseClass, checkRelationshipClass } from "./existingClass.js";
import { describeMapped, fillExisting } from "./mappedProperties.js";
import { isFullName, type TableMapping } from "../mapping/Mapping.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import { MappedColumns, MappedRows } from "./MappedRows.js";
import { mapColumns, type MappedColumn } from "./propertyMapping.js";
import { findReservedNames } from "./propertyNames.js";
import type { TablePlan } from "../plan/tablePlans.js";
import type { TableSurvey } from "../survey/tableSurvey.js";

/** A table with what was found out about it; a mapped one may have no rows. */
export interface SurveyedTable extends TablePlan {
  survey?: TableSurvey;
}

/** The class of a table, and what its rows need to become instances of it. */
export interface TableClass {
  plan: SurveyedTable;
  classFullName: string;
  category: string;
  /** Whether its instances have categories and places. */
  is3d: boolean;
  columns: MappedColumn[];
  rows?: MappedRows;
  /** Where the class is one of the source's own. */
  description?: ElementClassDescription;
}

/** What classes are made within. */
export interface ClassContext {
  imodel: IModelDb;
  schemaName: string;
  /** The classes of the schema that the iModel has. */
  known: readonly DynamicClass[];
}

const defaultBaseClass = "BisCore:PhysicalElement";

/** Finds or describes the class of a table. */
export async function makeTableClass(plan: SurveyedTable, context: ClassContext): Promise<TableClass> {
  const { mapping, survey, table, place } = plan;
  if (mapping === undefined) return inferredClass(plan, context);
  await checkRelationships(mapping, context.imodel, place!);
  const isLenient = survey === undefined || table.rowNoun === "record";
  const columns = new MappedColumns(survey?.header.names ?? [], place!, isLenient);
  const rows = new MappedRows(mapping, columns, context.schemaName);
  const made = isFullName(mapping.class) ? existingClass(plan, columns, context) : newClass(plan, columns, context);
  return { ...(await made), rows };
}

async function checkRelationships(mapping: TableMapping, imodel: IModelDb, place: MappingPlace): Promise<void> {
  const { parent, relationships = [] } = mapping;
  if (parent?.relationship !== undefined)
    await checkRelationshipClass(imodel, parent.relationship, place.at("parent", "relationship"));
  for (const [index, { class: name }] of relationships.entries())
    if (name !== undefined && isFullName(name))
      await checkRelationshipClass(imodel, name, place.at("relationships", index, "class"));
}

/** The new classes, with navigation properties that lead to the classes of their tables. */
export function describeClasses(classes: readonly TableClass[]): ElementClassDescription[] {
  const classOf = new Map(classes.map(({ plan, classFullName }) => [plan.kind, classFullName]));
  return classes.flatMap(({ description }) => {
    if (description === undefined) return [];
    const { navigations = [], ...described } = description;
    return [{ ...described, navigations: navigations.map((to) => ({ ...to, target: classOf.get(to.target)! })) }];
  });
}

/** The classes of the link-table relationships that the mapping makes. */
export function linkClasses(classes: readonly TableClass[]): LinkClassDescription[] {
  const classOf = new Map(classes.map(({ plan, classFullName }) => [plan.kind, classFullName]));
  const links = new Map<string, LinkClassDescription>();
  for (const { plan, classFullName: source } of classes)
    for (const [index, { class: name, table }] of (plan.mapping?.relationships ?? []).entries())
      if (name !== undefined && !isFullName(name)) {
        const place = plan.place!.at("relationships", index, "class");
        addLink(links, { name, source, target: classOf.get(table)! }, place);
      }
  return [...links.values()];
}

async function inferredClass(plan: SurveyedTable, context: ClassContext): Promise<TableClass> {
  const { imodel, schemaName } = context;
  const known = findKnown(plan.className, context);
  const reserved = await findReservedNames(imodel, defaultBaseClass);
  const { rowClass, columns } = mapColumns(inferableColumns(plan.survey!), plan.className, known, reserved);
  const classFullName = `${schemaName}:${rowClass.name}`;
  return { plan, classFullName, category: rowClass.name, is3d: true, columns, description: rowClass };
}

async function newClass(plan: SurveyedTable, columns: MappedColumns, context: ClassContext): Promise<TableClass> {
  const { imodel, schemaName } = context;
  const mapping = plan.mapping!;
  const baseClass = normalizeClassName(mapping.baseClass ?? defaultBaseClass);
  await checkBaseClass(imodel, baseClass, plan.place!.at("baseClass"));
  const known = findKnown(mapping.class, context);
  const reserved = await findReservedNames(imodel, baseClass);
  const described = describeMapped({ mapping, place: plan.place!, survey: plan.survey, columns, known, reserved });
  const navigations = (mapping.relationships ?? [])
    .filter(({ property }) => property !== undefined)
    .map(({ property, table }) => ({
      name: property!,
      target: table,
      relationship: `${mapping.class}RefersTo${capitalize(property!)}`,
    }));
  return {
    plan,
    classFullName: `${schemaName}:${known?.name ?? mapping.class}`,
    category: mapping.category ?? mapping.class,
    is3d: isGeometric(imodel, baseClass),
    columns: described.columns,
    description: { ...described.rowClass, baseClass, navigations },
  };
}

async function existingClass(
  plan: SurveyedTable,
  columns: MappedColumns,
  { imodel }: ClassContext,
): Promise<TableClass> {
  const mapping = plan.mapping!;
  const classFullName = normalizeClassName(mapping.class);
  return {
    plan,
    classFullName,
    category: mapping.category ?? parseClassName(classFullName, "").name,
    columns: await fillExisting({ imodel, mapping, columns, place: plan.place! }),
    is3d: isGeometric(imodel, classFullName),
  };
}

/** All columns but the one of the identifiers; columns that identify a row together are kept. */
export function inferableColumns({ header: { names, idColumns }, types }: TableSurvey) {
  const idColumn = idColumns.length === 1 ? idColumns[0] : undefined;
  return names
    .map((name, index) => ({ header: name, index, type: types[index] }))
    .filter(({ index }) => index !== idColumn);
}

function findKnown(className: string, { known }: ClassContext): DynamicClass | undefined {
  return known.find(({ name }) => name.toLowerCase() === className.toLowerCase());
}

function isGeometric(imodel: IModelDb, className: string): boolean {
  const elementClass: { prototype: object } = imodel.getJsClass(className);
  return (
    elementClass.prototype === GeometricElement3d.prototype || elementClass.prototype instanceof GeometricElement3d
  );
}

/** A class that several tables or columns use leads from and to the same classes each time. */
function addLink(links: Map<string, LinkClassDescription>, link: LinkClassDescription, place: MappingPlace) {
  const earlier = links.get(link.name.toLowerCase()) ?? link;
  links.set(link.name.toLowerCase(), earlier);
  if (earlier.source === link.source && earlier.target === link.target) return;
  throw place.wrong(`the class ${link.name} leads between other classes already`, {
    advice: "Give each relationship between other classes a class of its own.",
  });
}
