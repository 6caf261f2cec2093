import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { readBag } from "./details.js";
import { addTo } from "./groups.js";
import { eachInstance, type Instance, type InstanceQuery } from "./Instances.js";
import type { References } from "./References.js";
import type { Differences, RelationshipDescription, RelationshipDifference } from "./result.js";
import { instanceText, type Side } from "./Side.js";
import { compareBags, digest, type Bag } from "./values.js";

/** The classes from which BIS has all link-table relationships derive. */
const roots = ["bis.ElementRefersToElements", "bis.ElementDrivesElement", "bis.ModelSelectorRefersToModels"];

const ends: [string, string] = ["SourceECInstanceId", "TargetECInstanceId"];

/** A relationship by what it is looked up with. */
interface Link {
  readonly root: string;
  readonly id: Id64String;
  /** A short text that stands for its properties. */
  readonly content: string;
}

/** An iModel with what stands for its ids. */
export interface Referenced {
  readonly side: Side;
  readonly references: References;
}

/**
 * Compares the link-table relationships of two iModels. One is the same as another of the same class that leads from
 * the same element to the same element.
 */
export async function compareRelationships(
  a: Referenced,
  b: Referenced,
): Promise<Differences<RelationshipDescription, RelationshipDifference>> {
  const unseen = await readLinks(a);
  const onlyInB: Link[] = [];
  const differing: [Link, Link][] = [];
  for (const [key, links] of await readLinks(b)) {
    const candidates = unseen.get(key) ?? [];
    const left = links.filter((link) => !takeEqual(candidates, link));
    for (const link of left) {
      const match = candidates.shift();
      if (match === undefined) onlyInB.push(link);
      else differing.push([match, link]);
    }
  }
  const onlyInA = [...unseen.values()].flat();
  return {
    onlyInA: await inOrder(onlyInA, async (link) => describe(a, link)),
    onlyInB: await inOrder(onlyInB, async (link) => describe(b, link)),
    changed: await inOrder(differing, async ([one, other]) => compareLinks(a, one, b, other)),
  };
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function readLinks({ side, references }: Referenced): Promise<Map<string, Link[]>> {
  const links = new Map<string, Link[]>();
  const context = { catalog: side.catalog, references };
  for (const root of roots)
    await eachInstance(side.imodel, side.catalog, { root, leading: ends }, (instance) => {
      const [source, target] = instance.leading as [Id64String, Id64String];
      const key = `${instance.type.name} ${references.of(source)} ${references.of(target)}`;
      const link: Link = { root, id: instance.id, content: digest(instanceText(instance, context)) };
      addTo(links, key, link);
    });
  return links;
}

function takeEqual(candidates: Link[], link: Link): boolean {
  const index = candidates.findIndex(({ content }) => content === link.content);
  if (index >= 0) candidates.splice(index, 1);
  return index >= 0;
}

async function compareLinks(
  a: Referenced,
  linkOfA: Link,
  b: Referenced,
  linkOfB: Link,
): Promise<RelationshipDifference> {
  const properties = compareBags((await readLink(a, linkOfA)).bag, (await readLink(b, linkOfB)).bag);
  return { ...(await describe(b, linkOfB)), properties };
}

async function describe(from: Referenced, link: Link): Promise<RelationshipDescription> {
  const { className, source, target } = await readLink(from, link);
  return { className, source, target };
}

async function readLink(
  { side, references }: Referenced,
  { root, id }: Link,
): Promise<RelationshipDescription & { bag: Bag }> {
  const context = { catalog: side.catalog, references };
  let found: (RelationshipDescription & { bag: Bag }) | undefined;
  const query: InstanceQuery = { root, leading: ["ECInstanceId", ...ends], only: [id] };
  await eachInstance(side.imodel, side.catalog, query, (instance: Instance) => {
    const [, source, target] = instance.leading as [Id64String, Id64String, Id64String];
    const bag: Bag = new Map();
    readBag(instance, context, bag);
    found = {
      className: instance.type.name,
      source: references.labelOf(source),
      target: references.labelOf(target),
      bag,
    };
  });
  return expectDefined(found);
}
