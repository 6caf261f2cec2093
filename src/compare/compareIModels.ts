import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { startHost } from "../imodel/host.js";
import { compareElements, readElements } from "./details.js";
import { ElementMatcher, unmatched } from "./ElementMatcher.js";
import { labelOf, type ElementTable } from "./ElementTable.js";
import { readIModelProperties } from "./iModelProperties.js";
import { openForReading } from "./openForReading.js";
import { References } from "./References.js";
import { compareRelationships, type Referenced } from "./relationships.js";
import type { Differences, ElementDescription, ElementDifference, IModelComparison } from "./result.js";
import { compareSchemas } from "./schemas.js";
import { Side } from "./Side.js";
import { matchByStructure } from "./structureMatching.js";
import { compareBags } from "./values.js";

/** So many pairs of elements are held in memory at once while they are compared property by property. */
const pairsAtOnce = 1000;

/**
 * Compares two iModels by content: elements with their properties, aspects and geometry, relationships, schemas. Ids
 * and time stamps do not count. `docs/compare.md` says how elements are matched and what counts.
 *
 * Starts `IModelHost` where it is not running. Files are opened for reading, and stay as they are.
 * @param a - an open iModel, or the path of one of any kind
 * @param b - the same
 * @throws ConnectorError `usage/...` if one of them cannot be read
 * @public
 */
export async function compareIModels(a: IModelDb | string, b: IModelDb | string): Promise<IModelComparison> {
  const stopHost = await startHost();
  try {
    return await withIModel(a, async (imodelA) => withIModel(b, async (imodelB) => compareOpen(imodelA, imodelB)));
  } finally {
    await stopHost();
  }
}

async function withIModel<T>(given: IModelDb | string, use: (imodel: IModelDb) => Promise<T>): Promise<T> {
  if (typeof given !== "string") return use(given);
  const { imodel, close } = openForReading(given);
  try {
    return await use(imodel);
  } finally {
    close();
  }
}

async function compareOpen(imodelA: IModelDb, imodelB: IModelDb): Promise<IModelComparison> {
  const [sideA, sideB] = [await Side.read(imodelA), await Side.read(imodelB)];
  const matcher = new ElementMatcher(sideA.table, sideB.table);
  await matchByStructure(matcher, sideA, sideB);
  const a = { side: sideA, references: referencesOf(sideA, "a", (index) => matcher.numberOfA(index)) };
  const b = { side: sideB, references: referencesOf(sideB, "b", (index) => matcher.numberOfB(index)) };
  const differences = {
    iModel: compareBags(readIModelProperties(imodelA, a.references), readIModelProperties(imodelB, b.references)),
    schemas: compareSchemas(imodelA, imodelB),
    elements: {
      onlyInA: describeUnmatched(sideA.table, matcher.matchOfA),
      onlyInB: describeUnmatched(sideB.table, matcher.matchOfB),
      changed: await findChanged(matcher, a, b),
    },
    relationships: await compareRelationships(a, b),
  };
  const elementCounts = { a: sideA.table.elements.length, b: sideB.table.elements.length };
  return { isEqual: isEmpty(differences), elementCounts, ...differences };
}

/** Elements that were not matched are known by their side and their place there. */
function referencesOf(side: Side, name: "a" | "b", numberOf: (index: number) => number): References {
  return new References(side.table, (index) => {
    const number = numberOf(index);
    return number === unmatched ? `${name}${index}` : String(number);
  });
}

function describeUnmatched({ elements }: ElementTable, matches: Int32Array): ElementDescription[] {
  return elements
    .filter((_, index) => matches[index] === unmatched)
    .map((element) => ({ label: labelOf(element), className: element.className, id: element.id }));
}

/** Compares property by property only what fingerprints tell apart: those of a pair may differ without a difference. */
async function findChanged(matcher: ElementMatcher, a: Referenced, b: Referenced): Promise<ElementDifference[]> {
  const suspects = await findSuspects(matcher, a, b);
  const changed: ElementDifference[] = [];
  for (let start = 0; start < suspects.length; start += pairsAtOnce)
    changed.push(...(await comparePairs(matcher, suspects.slice(start, start + pairsAtOnce), a, b)));
  return changed;
}

/** The places in B of elements that may differ from their match in A. */
async function findSuspects({ matchOfB }: ElementMatcher, a: Referenced, b: Referenced): Promise<number[]> {
  const fingerprintsOfA = await a.side.fingerprints(a.references);
  const fingerprintsOfB = await b.side.fingerprints(b.references);
  const suspects: number[] = [];
  for (const [index, match] of matchOfB.entries())
    if (match !== unmatched && !fingerprintsOfB.isSame(index, fingerprintsOfA, match)) suspects.push(index);
  return suspects;
}

async function comparePairs(
  matcher: ElementMatcher,
  places: number[],
  a: Referenced,
  b: Referenced,
): Promise<ElementDifference[]> {
  const pairs = places.map((index) => ({
    a: matcher.a.at(expectDefined(matcher.matchOfB[index])),
    b: matcher.b.at(index),
  }));
  const contentsOfA = await readElements(
    a.side,
    a.references,
    pairs.map((pair) => pair.a.id),
  );
  const contentsOfB = await readElements(
    b.side,
    b.references,
    pairs.map((pair) => pair.b.id),
  );
  return pairs
    .map(({ a: { id: idInA }, b: element }) => ({
      label: labelOf(element),
      className: element.className,
      id: element.id,
      idInA,
      properties: compareElements(expectDefined(contentsOfA.get(idInA)), expectDefined(contentsOfB.get(element.id))),
    }))
    .filter(({ properties }) => properties.length > 0);
}

function isEmpty(found: Pick<IModelComparison, "iModel" | "schemas" | "elements" | "relationships">): boolean {
  const { iModel, schemas, elements, relationships } = found;
  const isNone = ({ onlyInA, onlyInB, changed }: Differences<unknown, unknown>) =>
    onlyInA.length + onlyInB.length + changed.length === 0;
  return iModel.length + schemas.length === 0 && isNone(elements) && isNone(relationships);
}
