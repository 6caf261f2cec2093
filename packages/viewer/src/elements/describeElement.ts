import type { Id64String } from "@itwin/core-bentley";
import { Id64 } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import type { ClassInfo } from "./ClassIndex.js";
import { linkColumns, linkOf, readLinks, type ElementLink } from "./links.js";
import type { ModelContents } from "./ModelContents.js";
import type { Column } from "./PropertyReader.js";
import type { DocumentDescription, ItemProvenance } from "./Provenance.js";
import { listedAtMost, readRelationships, type RelationshipLink } from "./relationships.js";
import { idIn, readRows, textIn, type Row } from "./rows.js";
import { textOf, type Value } from "./values.js";

/** A property with its value. */
export interface DescribedProperty {
  readonly name: string;
  readonly label: string;
  /** As the iModel has it. Whole numbers beyond 2^53 are texts. */
  readonly value: Value;
  /** As a person reads it: with its unit, in that of presentation, or the name of a value of an enumeration. */
  readonly text: string;
  /** The unit of `value`. */
  readonly unit?: string;
  readonly type: string;
}

/** Properties that belong together. */
export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly properties: readonly DescribedProperty[];
}

/** An aspect of an element, such as a property set of an IFC file. */
export interface DescribedAspect {
  readonly id: Id64String;
  readonly className: string;
  readonly label: string;
  readonly properties: readonly DescribedProperty[];
}

/** All that an iModel says of an element. Lists of links end after 200; the counts tell how many there are. */
export interface ElementDescription {
  readonly id: Id64String;
  readonly className: string;
  readonly classLabel: string;
  /** The base classes, the nearest first. */
  readonly bases: readonly string[];
  readonly label: string;
  readonly code?: { readonly spec: string; readonly scope: ElementLink | undefined; readonly value: string };
  readonly federationGuid?: string;
  readonly model: ElementLink | undefined;
  readonly category?: ElementLink;
  readonly parent?: ElementLink;
  readonly children: readonly ElementLink[];
  readonly childCount: number;
  readonly groups: readonly PropertyGroup[];
  readonly aspects: readonly DescribedAspect[];
  readonly relationships: readonly RelationshipLink[];
  readonly relationshipCount: number;
  readonly provenance: readonly ItemProvenance[];
  /** What the element itself says of a document, if it is one. */
  readonly document?: DocumentDescription;
  /** In ISO 8601. */
  readonly lastModified: string;
}

/**
 * Reads all that an iModel says of an element.
 * @throws ConnectorError `viewer/no-element`
 */
export async function describeElement(contents: ModelContents, id: Id64String): Promise<ElementDescription> {
  const row = await readElement(contents, id);
  const info = contents.classes.get(idIn(row, 1));
  const link = linkOf(contents, row);
  const category = await readCategory(contents, id, info);
  const ids = { scope: textIn(row, 4), model: textIn(row, 7), parent: textIn(row, 8), category };
  const links = await readLinks(
    contents,
    Object.values(ids).filter((given) => given !== undefined),
  );
  const linkTo = (given: Id64String | undefined) => (given === undefined ? undefined : links.get(given));
  const code = textIn(row, 5);
  const relationships = await readRelationships(contents, id, info);
  return {
    ...link,
    classLabel: info.label,
    bases: contents.classes.basesOf(info).map(({ name }) => name),
    code: code === undefined ? undefined : { spec: textIn(row, 3) ?? "", scope: linkTo(ids.scope), value: code },
    federationGuid: textIn(row, 6),
    model: linkTo(ids.model),
    category: linkTo(category),
    parent: linkTo(ids.parent),
    ...(await readChildren(contents, id)),
    groups: await readGroups(contents, id, info),
    aspects: await readAspects(contents, id),
    relationships: relationships.links,
    relationshipCount: relationships.count,
    provenance: (await contents.provenance.of([id])).get(id) ?? [],
    document: contents.provenance.documents.find((document) => document.id === id),
    lastModified: textIn(row, 9) ?? "",
  };
}

async function readElement({ imodel }: ModelContents, id: Id64String): Promise<Row> {
  const ecsql = `
    SELECT ${linkColumns}, s.Name, e.CodeScope.Id, e.CodeValue, e.FederationGuid, e.Model.Id, e.Parent.Id, e.LastMod
    FROM bis.Element e LEFT JOIN bis.CodeSpec s ON s.ECInstanceId=e.CodeSpec.Id WHERE e.ECInstanceId=?`;
  const [row] = Id64.isValidId64(id) ? await readRows(imodel, ecsql, [{ id }]) : [];
  if (row !== undefined) return row;
  const advice = "Ids of elements look like 0x1f.";
  throw new ConnectorError("viewer/no-element", `The iModel has no element "${id}".`, { advice });
}

async function readCategory(
  { imodel, classes }: ModelContents,
  id: Id64String,
  info: ClassInfo,
): Promise<Id64String | undefined> {
  const base = ["GeometricElement3d", "GeometricElement2d"].find((name) => classes.isA(info, `BisCore:${name}`));
  if (base === undefined) return undefined;
  const [row = []] = await readRows(imodel, `SELECT Category.Id FROM bis.${base} WHERE ECInstanceId=?`, [{ id }]);
  return textIn(row, 0);
}

async function readChildren(
  contents: ModelContents,
  id: Id64String,
): Promise<Pick<ElementDescription, "children" | "childCount">> {
  const ecsql = `
    SELECT ${linkColumns} FROM bis.Element e WHERE e.Parent.Id=? ORDER BY e.ECInstanceId LIMIT ${listedAtMost}`;
  const children = (await readRows(contents.imodel, ecsql, [{ id }])).map((row) => linkOf(contents, row));
  if (children.length < listedAtMost) return { children, childCount: children.length };
  const [row = []] = await readRows(contents.imodel, "SELECT count(*) FROM bis.Element WHERE Parent.Id=?", [{ id }]);
  return { children, childCount: Number(row[0]) };
}

async function readGroups(contents: ModelContents, id: Id64String, info: ClassInfo): Promise<PropertyGroup[]> {
  const columns = await contents.properties.columnsOf(info);
  const values = (await contents.properties.read(info, [id])).get(id)?.values ?? [];
  const groups = new Map<string, { name: string; label: string; properties: DescribedProperty[] }>();
  for (const [index, column] of columns.entries()) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const { name, label } = groupOf(column);
    const group = groups.get(name) ?? { name, label, properties: [] };
    group.properties.push(describe(column, value));
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** The category that the schema gives, else the class that declares the property. */
function groupOf({ category, declaredBy, declaredByLabel }: Column): { name: string; label: string } {
  return category ?? { name: declaredBy, label: declaredByLabel };
}

function describe(column: Column, value: Value): DescribedProperty {
  const { name, label, type, unit } = column;
  return { name, label, value, text: readableText(column, value), ...(unit && { unit: unit.unit }), type };
}

function readableText(column: Column, value: Value): string {
  const { unit } = column;
  if (typeof value === "number" && unit?.present) return unit.present(value);
  const text = textOf(value, column);
  return unit === undefined ? text : `${text} ${unit.unit}`;
}

async function readAspects(contents: ModelContents, id: Id64String): Promise<DescribedAspect[]> {
  const found = await readAspectIds(contents, [id]);
  const aspects: DescribedAspect[] = [];
  for (const [info, ids] of found) {
    const columns = await contents.properties.columnsOf(info);
    const instances = await contents.properties.read(
      info,
      ids.map(({ aspectId }) => aspectId),
    );
    for (const { values, id: aspectId } of instances.values()) {
      const properties = columns.flatMap((column, index) => {
        const value = values[index] ?? null;
        return value === null ? [] : [describe(column, value)];
      });
      aspects.push({ id: aspectId, className: info.name, label: info.label, properties });
    }
  }
  return aspects;
}

/** The aspects of elements by their classes, without those that hold provenance. */
export async function readAspectIds(
  { imodel, classes }: ModelContents,
  elementIds: readonly Id64String[],
): Promise<Map<ClassInfo, { aspectId: Id64String; elementId: Id64String }[]>> {
  const found = new Map<ClassInfo, { aspectId: Id64String; elementId: Id64String }[]>();
  const list = elementIds.join();
  for (const base of ["ElementUniqueAspect", "ElementMultiAspect"]) {
    const ecsql = `
      SELECT ECInstanceId, ECClassId, Element.Id FROM bis.${base} WHERE Element.Id IN (${list})
      ORDER BY ECClassId, ECInstanceId`;
    for (const row of await readRows(imodel, ecsql)) {
      const info = classes.get(idIn(row, 1));
      if (info.name === "BisCore:ExternalSourceAspect") continue;
      const aspects = found.get(info) ?? [];
      aspects.push({ aspectId: idIn(row, 0), elementId: idIn(row, 2) });
      found.set(info, aspects);
    }
  }
  return found;
}
