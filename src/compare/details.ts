import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { readGeometry } from "./geometry.js";
import { takePairs } from "./groups.js";
import { families, type Instance } from "./Instances.js";
import type { References } from "./References.js";
import type { PropertyDifference } from "./result.js";
import { instanceText, type Side } from "./Side.js";
import { compareBags, readCell, type Bag, type ValueContext } from "./values.js";

/** An aspect of an element. */
interface Aspect {
  readonly className: string;
  /** The item, for an ExternalSourceAspect; such aspects are the same when they stand for the same item. */
  readonly item?: string;
  /** The whole content. */
  readonly text: string;
  readonly bag: Bag;
}

/** All that counts of an element. */
export interface ElementContent {
  readonly bag: Bag;
  readonly aspects: Aspect[];
}

/** Reads all that counts of some elements. */
export async function readElements(
  side: Side,
  references: References,
  ids: Id64String[],
): Promise<Map<Id64String, ElementContent>> {
  const contents = new Map(ids.map((id) => [id, { bag: new Map() as Bag, aspects: [] as Aspect[] }]));
  const contentOf = (id: Id64String) => expectDefined(contents.get(id));
  const context = { catalog: side.catalog, references };
  await side.eachOf(families.elements, ids, (instance) => {
    const { bag } = contentOf(instance.id);
    bag.set("class", plain(instance.type.name));
    readBag(instance, context, bag);
    if (hasGeometry(instance)) readGeometry(side.imodel, instance.id, references, bag);
  });
  await side.eachOf(families.models, ids, (instance) => {
    const { bag } = contentOf(instance.leading[0]);
    bag.set("submodel", plain(instance.type.name));
    readBag(instance, context, bag, "submodel.");
  });
  for (const family of [families.uniqueAspects, families.multiAspects])
    await side.eachOf(family, ids, (instance) => {
      contentOf(instance.leading[0]).aspects.push(readAspect(instance, context));
    });
  return contents;
}

/** What differs between two elements. */
export function compareElements(a: ElementContent, b: ElementContent): PropertyDifference[] {
  return [...compareBags(a.bag, b.bag), ...compareAspects(a.aspects, b.aspects)];
}

/** Reads the properties of an instance into a bag. */
export function readBag({ row, columns, offset }: Instance, context: ValueContext, bag: Bag, prefix = ""): void {
  const own: Bag = prefix === "" ? bag : new Map<string, never>();
  columns.forEach((column, index) => readCell(row, offset + index, column, context, own));
  if (own !== bag) for (const [name, cell] of own) bag.set(prefix + name, cell);
}

function plain(text: string) {
  return { key: text, shown: text };
}

function hasGeometry({ columns, row, offset }: Instance): boolean {
  return columns.some(({ kind }, index) => kind === "geometry" && !row.isValueNull(offset + index));
}

function readAspect(instance: Instance, context: ValueContext): Aspect {
  const bag: Bag = new Map();
  readBag(instance, context, bag);
  const className = instance.type.name;
  const item = className === "BisCore:ExternalSourceAspect" ? itemOf(bag) : undefined;
  return { className, item, text: instanceText(instance, context), bag };
}

function itemOf(bag: Bag): string {
  return ["Scope", "Kind", "Identifier"].map((name) => bag.get(name)?.key).join("\n");
}

/** Aspects are the same when they stand for the same item, else when nothing differs, else in order within a class. */
function compareAspects(a: Aspect[], b: Aspect[]): PropertyDifference[] {
  const left = { a: [...a], b: [...b] };
  const matched = [
    ...takePairs(left, ({ text }) => text),
    ...takePairs(left, ({ className, item }) => item && `${className}\n${item}`),
    ...takePairs(left, ({ className }) => className),
  ];
  return [
    ...matched.flatMap(([one, other]) => compareBags(one.bag, other.bag).map((found) => under(nameOf(other), found))),
    ...left.a.map((aspect) => ({ property: nameOf(aspect), a: shown(aspect) })),
    ...left.b.map((aspect) => ({ property: nameOf(aspect), b: shown(aspect) })),
  ];
}

function nameOf({ className, item, bag }: Aspect): string {
  if (item === undefined) return className;
  return `${className}[${String(bag.get("Kind")?.shown)} "${String(bag.get("Identifier")?.shown)}"]`;
}

function under(name: string, { property, a, b }: PropertyDifference): PropertyDifference {
  return { property: `${name}.${property}`, a, b };
}

function shown({ bag }: Aspect): Record<string, unknown> {
  return Object.fromEntries([...bag].map(([name, cell]) => [name, cell.shown]));
}
