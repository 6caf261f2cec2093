import { unmatched, type ElementMatcher } from "./ElementMatcher.js";
import type { ElementIdentity } from "./ElementTable.js";
import { takePairs, type Unpaired } from "./groups.js";
import { References } from "./References.js";
import type { Side } from "./Side.js";

/** One of the iModels, with the numbers that matched elements have on both sides. */
interface Half {
  readonly side: Side;
  /** The number of the element at a place, or `unmatched`. */
  readonly numberOf: (index: number) => number;
}

/** What an element is known by, or undefined if it has no such thing. */
type TextOf = (index: number) => string | undefined;

/**
 * Matches elements that have no identity by what they are and where they stand: elements of the same class in the same
 * model and with the same parent, first those with the same content, then those with the same label, then in order.
 * Children and members of models come after what they stand in.
 */
export async function matchByStructure(matcher: ElementMatcher, sideA: Side, sideB: Side): Promise<void> {
  const a = { side: sideA, numberOf: (index: number) => matcher.numberOfA(index) };
  const b = { side: sideB, numberOf: (index: number) => matcher.numberOfB(index) };
  do matcher.matchByIdentity();
  while (await matchLevel(matcher, a, b));
}

/** Whether anything was matched. */
async function matchLevel(matcher: ElementMatcher, a: Half, b: Half): Promise<boolean> {
  const groups = findGroups(a, b);
  const undecided = groups.filter((group) => group.a.length > 1 || group.b.length > 1);
  const contentOfA = await contentTexts(a, undecided.map((group) => group.a).flat());
  const contentOfB = await contentTexts(b, undecided.map((group) => group.b).flat());
  for (const group of undecided) {
    matchPairs(matcher, group, contentOfA, contentOfB);
    matchPairs(matcher, group, labels(a), labels(b));
  }
  const inOrder = () => "";
  for (const group of groups) matchPairs(matcher, group, inOrder, inOrder);
  return groups.length > 0;
}

function matchPairs(matcher: ElementMatcher, group: Unpaired<number>, textOfA: TextOf, textOfB: TextOf): void {
  for (const [a, b] of takePairs(group, textOfA, textOfB)) matcher.match(a, b);
}

/** Elements of either side that may be the same. */
function findGroups(a: Half, b: Half): Unpaired<number>[] {
  const groups = new Map<string, Unpaired<number>>();
  eachCandidate(a, (place, index) => groupAt(groups, place).a.push(index));
  eachCandidate(b, (place, index) => groupAt(groups, place).b.push(index));
  return [...groups.values()].filter((group) => group.a.length > 0 && group.b.length > 0);
}

function groupAt(groups: Map<string, Unpaired<number>>, place: string): Unpaired<number> {
  const group = groups.get(place) ?? { a: [], b: [] };
  groups.set(place, group);
  return group;
}

/** The elements that are not matched and have nothing to be known by, in places that are matched. */
function eachCandidate(half: Half, visit: (place: string, index: number) => void): void {
  half.side.table.elements.forEach((element, index) => {
    const hasIdentity = element.items !== undefined || element.codeValue !== undefined;
    if (hasIdentity || half.numberOf(index) !== unmatched) return;
    const place = placeOf(element, half);
    if (place !== undefined) visit(place, index);
  });
}

/** The class of an element and where it stands, or undefined where that is not matched itself. */
function placeOf({ className, modelId, parentId }: ElementIdentity, { side, numberOf }: Half): string | undefined {
  const places = [modelId, ...(parentId === undefined ? [] : [parentId])].map((id) => {
    const index = side.table.indexOf(id);
    return index === undefined ? unmatched : numberOf(index);
  });
  return places.includes(unmatched) ? undefined : [className, ...places].join(" ");
}

/** What the content of elements is known by; references to elements that are not matched yet are all the same in it. */
async function contentTexts({ side, numberOf }: Half, indexes: number[]): Promise<TextOf> {
  if (indexes.length === 0) return () => undefined;
  const references = new References(side.table, (index) => String(numberOf(index)));
  const ids = indexes.map((index) => side.table.at(index).id);
  const fingerprints = await side.fingerprints(references, ids);
  return (index) => fingerprints.textOf(index);
}

function labels({ side }: Half): TextOf {
  return (index) => side.table.at(index).userLabel;
}
