import { GeometricElement3d, type IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { capitalize, normalizeClassName, parseClassName } from "../../imodel/classNames.js";
import { withoutKeyword } from "../../connector/schema/ecsqlKeywords.js";
import type { DynamicClass } from "../../connector/schema/DynamicSchema.js";
import type {
  ElementClassDescription,
  LinkClassDescription,
  NavigationDescription,
} from "../../connector/schema/SchemaDescription.js";
import { checkBaseClass, checkRelationshipClass } from "./existingClass.js";
import { describeMapped, fillExisting, unnamedColumns, type MappedClassContext } from "./mappedProperties.js";
import { isFullName, type TableMapping } from "../mapping/Mapping.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import { MappedColumns, MappedRows } from "./MappedRows.js";
import { columnOf, mapColumns, type MappedColumn, type TableColumn } from "./propertyMapping.js";
import { escapeKeywords } from "./keywordNames.js";
import { findReservedNames } from "../../connector/schema/propertyNames.js";
import type { PlannedMapping } from "../plan/TablePlan.js";
import type { SurveyedTable } from "../plan/SurveyedTable.js";
import type { TableSurvey } from "../survey/tableSurvey.js";

/** The class of a table, and what its rows need to become instances of it. */
export interface TableClass {
  plan: SurveyedTable;
  classFullName: string;
  category: string;
  /** Whether its instances have categories and places. */
  is3d: boolean;
  columns: MappedColumn[];
  rows?: MappedRows;
  /** The columns that a mapping to an existing class does not name. */
  ignoredColumns?: readonly string[];
  /** Where the class is one of the source's own. */
  description?: ElementClassDescription;
}

/** The class of a mapped table. */
type FoundClass = Omit<TableClass, "plan" | "rows">;

/** A mapped table with the columns that its mapping names. */
type MappedTable = Pick<MappedClassContext, "mapping" | "place" | "survey" | "columns">;

/** The iModel and the schema of the classes. */
export interface ClassContext {
  imodel: IModelDb;
  schemaName: string;
  /** The classes of the schema that the iModel has. */
  known: readonly DynamicClass[];
  /** The names of its classes of link-table relationships, in lower case. */
  knownLinks: ReadonlySet<string>;
}

const defaultBaseClass = "BisCore:PhysicalElement";

/** Finds or describes the class of a table. */
export async function makeTableClass(plan: SurveyedTable, context: ClassContext): Promise<TableClass> {
  return plan.mapped === undefined ? inferredClass(plan, context) : mappedClass(plan, plan.mapped, context);
}

/** The new classes, with navigation properties that lead to the classes of their tables. */
export function describeClasses(classes: readonly TableClass[]): ElementClassDescription[] {
  const nameOf = classNames(classes);
  return classes.flatMap(({ description }) => {
    if (description === undefined) return [];
    const { navigations = [], ...described } = description;
    return [{ ...described, navigations: navigations.map((to) => ({ ...to, target: nameOf(to.target) })) }];
  });
}

/** The classes of the link-table relationships that the mapping makes. */
export function linkClasses(classes: readonly TableClass[]): LinkClassDescription[] {
  const nameOf = classNames(classes);
  const links = new Map<string, LinkClassDescription>();
  for (const { plan, classFullName: source } of classes) {
    if (plan.mapped === undefined) continue;
    const { mapping, place } = plan.mapped;
    for (const [index, { class: name, table }] of (mapping.relationships ?? []).entries())
      if (name !== undefined && !isFullName(name))
        addLink(links, { name, source, target: nameOf(table) }, place.at("relationships", index, "class"));
  }
  return [...links.values()];
}

/** The full name of the class of a table, by its name in the mapping, which has checked that it names the table. */
function classNames(classes: readonly TableClass[]): (table: string) => string {
  const names = new Map(classes.map(({ plan, classFullName }) => [plan.kind, classFullName]));
  return (table) => expectDefined(names.get(table));
}

async function mappedClass(plan: SurveyedTable, given: PlannedMapping, context: ClassContext): Promise<TableClass> {
  const known = findKnown(given.mapping.class, context) ?? findKnown(withoutKeyword(given.mapping.class), context);
  const mapping = escapeKeywords(given.mapping, { known, knownLinks: context.knownLinks });
  const mapped = { ...given, mapping };
  const { place } = mapped;
  await checkRelationships(mapped, context.imodel);
  const isLenient = plan.survey === undefined || plan.table.rowNoun === "record";
  const columns = new MappedColumns(plan.survey?.header.names ?? [], place, isLenient);
  const rows = new MappedRows(mapping, columns, context.schemaName);
  const describe = isFullName(mapping.class) ? existingClass : newClass;
  const found = await describe({ ...mapped, columns, survey: plan.survey }, context);
  const { description } = found;
  const isRenamed = description !== undefined && description.name.toLowerCase() !== given.mapping.class.toLowerCase();
  const labelled = isRenamed ? { description: { ...description, label: given.mapping.class } } : {};
  return { plan: { ...plan, mapped }, ...found, ...labelled, rows };
}

async function checkRelationships({ mapping, place }: PlannedMapping, imodel: IModelDb): Promise<void> {
  const { parent, relationships = [] } = mapping;
  if (parent?.relationship !== undefined)
    await checkRelationshipClass(imodel, parent.relationship, place.at("parent", "relationship"));
  for (const [index, { class: name }] of relationships.entries())
    if (name !== undefined && isFullName(name))
      await checkRelationshipClass(imodel, name, place.at("relationships", index, "class"));
}

function inferredClass(plan: SurveyedTable, context: ClassContext): TableClass {
  const { imodel, schemaName } = context;
  const { className } = plan;
  const name = withoutKeyword(className);
  const known = findKnown(className, context) ?? findKnown(name, context);
  const reserved = findReservedNames(imodel, defaultBaseClass);
  const { rowClass, columns } = mapColumns(inferableColumns(plan.survey), name, known, reserved);
  const classFullName = `${schemaName}:${rowClass.name}`;
  const isRenamed = rowClass.name.toLowerCase() !== className.toLowerCase();
  const description = isRenamed ? { ...rowClass, label: className } : rowClass;
  return { plan, classFullName, category: rowClass.name, is3d: true, columns, description };
}

async function newClass(mapped: MappedTable, context: ClassContext): Promise<FoundClass> {
  const { imodel, schemaName } = context;
  const { mapping, place } = mapped;
  const baseClass = normalizeClassName(mapping.baseClass ?? defaultBaseClass);
  await checkBaseClass(imodel, baseClass, place.at("baseClass"));
  const known = findKnown(mapping.class, context);
  const reserved = findReservedNames(imodel, baseClass);
  const described = describeMapped({ ...mapped, known, reserved });
  return {
    classFullName: `${schemaName}:${known?.name ?? mapping.class}`,
    category: mapping.category ?? mapping.class,
    is3d: isGeometric(imodel, baseClass),
    columns: described.columns,
    description: { ...described.rowClass, baseClass, navigations: navigationsOf(mapping) },
  };
}

/** The target of a navigation property is the name of a table here. */
function navigationsOf({ class: className, relationships = [] }: TableMapping): NavigationDescription[] {
  return relationships.flatMap(({ property, table }) =>
    property === undefined
      ? []
      : [{ name: property, target: table, relationship: `${className}RefersTo${capitalize(property)}` }],
  );
}

async function existingClass(mapped: MappedTable, { imodel }: ClassContext): Promise<FoundClass> {
  const { mapping } = mapped;
  const classFullName = normalizeClassName(mapping.class);
  return {
    classFullName,
    category: mapping.category ?? parseClassName(classFullName, "").name,
    columns: await fillExisting({ imodel, ...mapped }),
    ignoredColumns: mapping.otherColumns === undefined ? unnamedColumns(mapped) : [],
    is3d: isGeometric(imodel, classFullName),
  };
}

/** All columns but the one of the identifiers; columns that identify a row together are kept. None without rows. */
function inferableColumns(survey: TableSurvey | undefined): TableColumn[] {
  if (survey === undefined) return [];
  const { names, idColumns } = survey.header;
  const idColumn = idColumns.length === 1 ? idColumns[0] : undefined;
  return names.map((name, index) => columnOf(survey, name, index)).filter(({ index }) => index !== idColumn);
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
