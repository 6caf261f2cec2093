import { ConnectorError } from "../../ConnectorError.js";
import type { DynamicClass, DynamicSchema } from "./DynamicSchema.js";

/** A property or navigation property, with what distinguishes it in words. */
interface Member {
  name: string;
  what: string;
}

/**
 * Checks a schema as the iModel shall have it, with all that earlier descriptions have left in it: classes of one name, and
 * properties that a base class of the same schema has in another way.
 * @throws ConnectorError `schema/incompatible`
 */
export function checkMerged({ name: schema, classes, links, quantities }: DynamicSchema): void {
  const byName = new Map(classes.map((described) => [`${schema}:${described.name}`.toLowerCase(), described]));
  const relationships = classes.flatMap(({ navigations }) => navigations.map(({ relationship }) => relationship));
  const names = [
    ...classes.map(({ name }) => ({ name, what: "a class of elements" })),
    ...[...links.map(({ name }) => name), ...relationships].map((name) => ({ name, what: "a class of relationships" })),
    ...quantities.map(({ name }) => ({ name, what: "a kind of quantity" })),
  ];
  refuseTwoOf(names, schema);
  for (const described of classes) {
    const owner = `${schema}:${described.name}`;
    refuseTwoOf(membersOf(described), owner);
    for (const base of basesOf(described, byName)) checkOverrides(described, base, schema);
  }
}

function membersOf({ properties, navigations }: DynamicClass): Member[] {
  return [
    ...properties.map(({ name, type }) => ({ name, what: `a property of type ${type}` })),
    ...navigations.map(({ name }) => ({ name, what: "a navigation property" })),
  ];
}

/** EC names are the same in any case of their letters. */
function refuseTwoOf(members: readonly Member[], owner: string): void {
  const known = new Map<string, Member>();
  for (const member of members) {
    const key = member.name.toLowerCase();
    const other = known.get(key);
    if (other !== undefined)
      throw incompatible(
        `${owner} has ${other.what} named "${other.name}", and cannot have ${member.what} of that name.`,
      );
    known.set(key, member);
  }
}

/** Base classes of the same schema, nearest first. */
function* basesOf({ baseClass }: DynamicClass, byName: ReadonlyMap<string, DynamicClass>): Iterable<DynamicClass> {
  for (
    let base = byName.get(baseClass.toLowerCase());
    base !== undefined;
    base = byName.get(base.baseClass.toLowerCase())
  )
    yield base;
}

/** The same property again does no harm. */
function checkOverrides(described: DynamicClass, base: DynamicClass, schema: string): void {
  const inherited = new Map(membersOf(base).map((member) => [member.name.toLowerCase(), member]));
  for (const { name, what } of membersOf(described)) {
    const other = inherited.get(name.toLowerCase());
    const isSame = other?.name === name && other.what === what && what !== "a navigation property";
    if (other === undefined || isSame) continue;
    throw incompatible(
      `${schema}:${described.name} cannot have ${what} named "${name}": its base class ${schema}:${base.name} has ${other.what} named "${other.name}".`,
    );
  }
}

function incompatible(message: string): ConnectorError {
  return new ConnectorError("schema/incompatible", message, {
    advice: "Give it another name: what a schema has cannot change, only grow.",
  });
}
