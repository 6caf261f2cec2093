import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import type { ClassInfo } from "./ClassIndex.js";
import { linkColumns, linkOf, type ElementLink } from "./links.js";
import type { ModelContents } from "./ModelContents.js";
import type { PropertyInfo } from "./PropertyInfo.js";
import { beforeAllIds, idIn, readRows, scanRows, textIn, type Row } from "./rows.js";
import { likeCondition, widePattern, matches } from "./textMatch.js";

/** An element that was found. */
export interface SearchResult extends ElementLink {
  /** What of it matches. */
  readonly match: { readonly property: string; readonly value: string };
}

/** Some of the elements that were found. */
export interface SearchPage {
  readonly results: readonly SearchResult[];
  /** Whether there are more. */
  readonly more: boolean;
  /** Goes on after these results. */
  readonly cursor?: string;
}

/** What is searched for. */
export interface SearchOptions {
  /** A part of a text. Upper and lower case make no difference. */
  readonly text: string;
  /** Default: 50. */
  readonly limit?: number;
  /** From the page before. */
  readonly cursor?: string;
}

/** A query for matches of one sort, in the order of the ids by which it goes on. */
interface Stage {
  /** The class that is searched, called `i`. Elements are called `e`. */
  readonly from: string;
  /** Where the search has come to. */
  readonly key: string;
  /** What is compared. */
  readonly columns: readonly { readonly label: string; readonly select: string }[];
}

/**
 * Finds elements by a part of their label, code, class, source identifier, GUID, or of any value of their properties and
 * aspects. Each kind of value is one scan, and ends when enough was found. An element that matches in several ways comes
 * once on a page.
 * @throws ConnectorError `usage/search`
 */
export async function searchElements(contents: ModelContents, options: SearchOptions): Promise<SearchPage> {
  const { text, limit = 50 } = options;
  if (text.trim() === "") throw invalid("The text to search for is empty.");
  const stages = await readStages(contents, text);
  const found = new Map<Id64String, SearchResult>();
  const start = parseCursor(options.cursor, stages.length);
  for (const [offset, stage] of stages.slice(start.stage).entries()) {
    let after = offset === 0 ? start.after : beforeAllIds;
    for await (const { key, result } of runStage(contents, stage, text, after)) {
      if (found.size >= limit && !found.has(result.id))
        return { results: [...found.values()], more: true, cursor: `${start.stage + offset}:${after}` };
      if (!found.has(result.id)) found.set(result.id, result);
      after = key;
    }
  }
  return { results: [...found.values()], more: false };
}

function parseCursor(cursor: string | undefined, count: number): { stage: number; after: Id64String } {
  if (cursor === undefined) return { stage: 0, after: beforeAllIds };
  const [, stage, after] = /^(\d{1,6}):(0x[0-9a-f]{1,16})$/.exec(cursor) ?? [];
  if (stage === undefined || after === undefined || Number(stage) >= count)
    throw invalid("The cursor is not one of a page of this search.");
  return { stage: Number(stage), after };
}

function invalid(message: string): ConnectorError {
  return new ConnectorError("usage/search", message, { advice: "Give a part of a label, a code or another value." });
}

/** All kinds of matches: those that a person means most often come first. */
async function readStages(contents: ModelContents, text: string): Promise<Stage[]> {
  const counts = await contents.counts();
  const elementClasses = [...counts.keys()].map((id) => contents.classes.get(id));
  const aspectClasses = await readAspectClasses(contents);
  return [
    ...idStage(text),
    names,
    items,
    ...elementClasses.filter(({ name, label }) => matches(`${label} ${name}`, text)).map(classStage),
    ...elementClasses.flatMap((info) => valueStages(contents, info, text, "i.ECInstanceId")),
    ...aspectClasses.flatMap((info) => valueStages(contents, info, text, "i.Element.Id")),
  ];
}

/** An id, or a GUID in its usual form. */
function idStage(text: string): Stage[] {
  const id = text.trim().toLowerCase();
  if (!/^0x[0-9a-f]{1,16}$/.test(id)) return [];
  const from = `(SELECT ECInstanceId FROM bis.Element WHERE ECInstanceId=${id}) i JOIN bis.Element e ON e.ECInstanceId=i.ECInstanceId`;
  return [{ from, key: "e.ECInstanceId", columns: [{ label: "Id", select: `'${id}'` }] }];
}

const names: Stage = {
  from: "bis.Element e",
  key: "e.ECInstanceId",
  columns: [
    { label: "Label", select: "e.UserLabel" },
    { label: "Code", select: "e.CodeValue" },
    { label: "Federation GUID", select: "GuidToStr(e.FederationGuid)" },
  ],
};

const items: Stage = {
  from: "bis.ExternalSourceAspect i JOIN bis.Element e ON e.ECInstanceId=i.Element.Id",
  key: "i.ECInstanceId",
  columns: [{ label: "Source identifier", select: "i.Identifier" }],
};

function classStage({ ecsql, label, name }: ClassInfo): Stage {
  const select = `'${`${label} ${name}`.replaceAll("'", "''")}'`;
  return { from: `ONLY ${ecsql} e`, key: "e.ECInstanceId", columns: [{ label: "Class", select }] };
}

/** Classes with many properties are asked in several queries, which the platform would refuse as one. */
const columnsPerStage = 100;

function valueStages(contents: ModelContents, info: ClassInfo, text: string, elementId: string): Stage[] {
  const properties = contents.classes.propertiesOf(info).filter((property) => isSearched(property, text));
  const columns = properties.map((property) => ({
    label: property.label,
    select: `CAST(i.[${property.name}] AS TEXT)`,
  }));
  const from = `ONLY ${info.ecsql} i JOIN bis.Element e ON e.ECInstanceId=${elementId}`;
  const stages: Stage[] = [];
  for (let start = 0; start < columns.length; start += columnsPerStage)
    stages.push({ from, key: "i.ECInstanceId", columns: columns.slice(start, start + columnsPerStage) });
  return stages;
}

/** Numbers and times are compared with texts that can be a part of one. What BIS itself needs is not a value of anything. */
function isSearched({ type, declaredBy }: PropertyInfo, text: string): boolean {
  if (declaredBy.startsWith("BisCore:")) return type === "text" && !ownTexts.has(declaredBy);
  if (type === "text") return true;
  return (type === "number" || type === "integer") && /^[-+.\deE]+$/.test(text.trim());
}

/** The label and the code are searched before; JSON properties are no text for people. */
const ownTexts = new Set(["BisCore:Element", "BisCore:ExternalSourceAspect"]);

async function readAspectClasses({ imodel, classes }: ModelContents): Promise<ClassInfo[]> {
  const found: ClassInfo[] = [];
  for (const base of ["ElementUniqueAspect", "ElementMultiAspect"])
    for (const row of await readRows(imodel, `SELECT DISTINCT ECClassId FROM bis.${base}`))
      found.push(classes.get(idIn(row, 0)));
  return found.filter(({ name }) => name !== "BisCore:ExternalSourceAspect");
}

/** The matches of a stage. */
async function* runStage(
  contents: ModelContents,
  { from, key, columns }: Stage,
  text: string,
  after: Id64String,
): AsyncGenerator<{ key: Id64String; result: SearchResult }> {
  const selects = columns.map(({ select }) => select);
  const ecsql = `
    SELECT ${key}, ${linkColumns}, ${selects.join()} FROM ${from}
    WHERE ${key}>? AND (${selects.map(likeCondition).join(" OR ")}) ORDER BY ${key}`;
  const parameters = selects.map(() => widePattern(text));
  for await (const row of scanRows(contents.imodel, ecsql, { after, parameters })) {
    const match = findMatch(row, columns, text);
    if (match !== undefined) yield { key: idIn(row, 0), result: { ...linkOf(contents, row, 1), match } };
  }
}

function findMatch(row: Row, columns: Stage["columns"], text: string): SearchResult["match"] | undefined {
  for (const [index, { label }] of columns.entries()) {
    const value = textIn(row, index + 4);
    if (value !== undefined && matches(value, text)) return { property: label, value };
  }
  return undefined;
}
