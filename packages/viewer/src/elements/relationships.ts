import type { Id64String } from "@itwin/core-bentley";
import type { ClassInfo } from "./ClassIndex.js";
import { linkColumns, linkOf, readLinks, type ElementLink } from "./links.js";
import type { ModelContents } from "./ModelContents.js";
import type { PropertyInfo } from "./PropertyInfo.js";
import { idIn, readRows, textIn } from "./rows.js";

/** So many links of one sort are listed. */
export const listedAtMost = 200;

/** A relationship of an element, seen from it. */
export interface RelationshipLink {
  /** The class of the relationship, as `Schema:Class`. */
  readonly className: string;
  readonly label: string;
  /** Whether the element is its source or its target. */
  readonly direction: "out" | "in";
  /** The other end. */
  readonly element: ElementLink;
  /** The properties of the relationship itself, if it has values for any. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Relationships, some of them where there are many. */
export interface Relationships {
  readonly links: readonly RelationshipLink[];
  /** How many there are in all. */
  readonly count: number;
}

/** Base classes of the relationships that are kept in tables of their own. */
const linkTables = ["bis.ElementRefersToElements", "bis.ElementDrivesElement"];

/** Navigation properties that every element has; they are shown apart from relationships. */
const shownApart = new Set(["Model", "Parent", "CodeSpec", "CodeScope", "Category"]);

/** Reads the relationships of an element to others: link tables and navigation properties, in both directions. */
export async function readRelationships(
  contents: ModelContents,
  id: Id64String,
  info: ClassInfo,
): Promise<Relationships> {
  const parts: Relationships[] = [];
  for (const table of linkTables)
    for (const direction of ["out", "in"] as const) parts.push(await readLinkTable(contents, table, direction, id));
  parts.push(await readNavigations(contents, id, info), await readIncoming(contents, id, info));
  return {
    links: parts.flatMap(({ links }) => links).slice(0, listedAtMost),
    count: parts.reduce((sum, { count }) => sum + count, 0),
  };
}

async function readLinkTable(
  contents: ModelContents,
  table: string,
  direction: "out" | "in",
  id: Id64String,
): Promise<Relationships> {
  const [own, other] = direction === "out" ? ["Source", "Target"] : ["Target", "Source"];
  const from = `FROM ${table} r WHERE r.${own}ECInstanceId=?`;
  const ecsql = `
    SELECT r.ECClassId, ${linkColumns}, r.$ FROM ${table} r JOIN bis.Element e ON e.ECInstanceId=r.${other}ECInstanceId
    WHERE r.${own}ECInstanceId=? ORDER BY r.ECClassId, e.ECInstanceId LIMIT ${listedAtMost}`;
  const rows = await readRows(contents.imodel, ecsql, [{ id }]);
  const links = rows.map((row) => {
    const properties = ownPropertiesOf(textIn(row, 4));
    const { name: className, label } = contents.classes.get(idIn(row, 0));
    return { className, label, direction, element: linkOf(contents, row, 1), ...properties };
  });
  return { links, count: await countOf(contents, from, id, links.length) };
}

/** The count is asked for only where the list may be cut off. */
async function countOf({ imodel }: ModelContents, from: string, id: Id64String, listed: number): Promise<number> {
  if (listed < listedAtMost) return listed;
  const [row = []] = await readRows(imodel, `SELECT count(*) ${from}`, [{ id }]);
  return Number(row[0]);
}

const systemProperties = new Set([
  "ECInstanceId",
  "ECClassId",
  "SourceECInstanceId",
  "SourceECClassId",
  "TargetECInstanceId",
  "TargetECClassId",
]);

function ownPropertiesOf(json: string | undefined): Pick<RelationshipLink, "properties"> {
  const all = Object.entries(JSON.parse(json ?? "{}") as Record<string, unknown>);
  const own = all.filter(([name]) => !systemProperties.has(name));
  return own.length === 0 ? {} : { properties: Object.fromEntries(own) };
}

/** What the navigation properties of an element lead to. */
async function readNavigations(contents: ModelContents, id: Id64String, info: ClassInfo): Promise<Relationships> {
  const navigations = contents.classes.propertiesOf(info).filter(isNavigation);
  if (navigations.length === 0) return { links: [], count: 0 };
  const columns = navigations.map(({ name }) => `e.[${name}].Id, e.[${name}].RelECClassId`).join();
  const ecsql = `SELECT ${columns} FROM ONLY ${info.ecsql} e WHERE e.ECInstanceId=?`;
  const [row = []] = await readRows(contents.imodel, ecsql, [{ id }]);
  const ids = navigations.map((_, index) => textIn(row, 2 * index));
  const targets = await readLinks(
    contents,
    ids.filter((target) => target !== undefined),
  );
  const links = navigations.flatMap((property, index): RelationshipLink[] => {
    const element = targets.get(ids[index] ?? "");
    if (element === undefined) return [];
    const relationship = relationshipOf(contents, property, textIn(row, 2 * index + 1));
    return [{ ...relationship, direction: property.leadsForward ? "out" : "in", element }];
  });
  return { links, count: links.length };
}

/** The relationship that is stored, else the one that the property has in general. */
function relationshipOf(
  { classes }: ModelContents,
  { relationshipId = "" }: PropertyInfo,
  stored: Id64String | undefined,
): Pick<RelationshipLink, "className" | "label"> {
  const { name, label } = classes.get(stored ?? relationshipId);
  return { className: name, label };
}

/** The elements whose navigation properties lead to an element. */
async function readIncoming(contents: ModelContents, id: Id64String, info: ClassInfo): Promise<Relationships> {
  const links: RelationshipLink[] = [];
  let count = 0;
  for (const { owner, property } of await navigationsTo(contents, info)) {
    const { name, leadsForward } = property;
    const from = `FROM ${owner.ecsql} e WHERE e.[${name}].Id=?`;
    const ecsql = `
      SELECT e.[${name}].RelECClassId, ${linkColumns} ${from} ORDER BY e.ECInstanceId LIMIT ${listedAtMost}`;
    const rows = await readRows(contents.imodel, ecsql, [{ id }]);
    for (const row of rows) {
      const relationship = relationshipOf(contents, property, textIn(row, 0));
      links.push({ ...relationship, direction: leadsForward ? "in" : "out", element: linkOf(contents, row, 1) });
    }
    count += await countOf(contents, from, id, rows.length);
  }
  return { links, count };
}

interface OwnedNavigation {
  readonly owner: ClassInfo;
  readonly property: PropertyInfo;
}

/** The navigation properties of elements that may lead to an element of a class. */
async function navigationsTo({ imodel, classes }: ModelContents, info: ClassInfo): Promise<OwnedNavigation[]> {
  const targets = [info, ...classes.basesOf(info)].map((base) => base.id).join();
  const rows = await readRows(imodel, targetsEcsqlOf(targets));
  const relationships = new Set(rows.map((row) => `${String(row[0])} ${String(row[1])}`));
  return [...classes.all].flatMap((owner) =>
    owner.isEntity && classes.isA(owner, "BisCore:Element")
      ? owner.own
          .filter((property) => isNavigation(property) && leadsTo(property, relationships))
          .map((property) => ({ owner, property }))
      : [],
  );
}

function isNavigation({ type, name, declaredBy }: PropertyInfo): boolean {
  return type === "element" && !(declaredBy.startsWith("BisCore:") && shownApart.has(name));
}

/** A navigation property leads to the target of its relationship, or to the source of one that points backward. */
function leadsTo({ relationshipId, leadsForward }: PropertyInfo, relationships: ReadonlySet<string>): boolean {
  return relationships.has(`${relationshipId} ${leadsForward ? 1 : 0}`);
}

const targetsEcsqlOf = (list: string) => `
  SELECT DISTINCT k.RelationshipClass.Id, k.RelationshipEnd
  FROM meta.ECRelationshipConstraintDef k
    JOIN meta.RelationshipConstraintHasClasses h ON h.SourceECInstanceId=k.ECInstanceId
  WHERE h.TargetECInstanceId IN (${list})`;
