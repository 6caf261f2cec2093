import type { IfcFile } from "./IfcFile.js";

/** How entities are known. */
export interface Identifiers {
  /** By instance. */
  readonly of: ReadonlyMap<number, string>;
  /** The GlobalIds that several entities have. */
  readonly repeated: readonly string[];
  /** The entities that have none. */
  readonly missing: readonly number[];
}

/**
 * Gives each entity its GlobalId as its identifier. Where several have the same one, a number tells them apart, in an order
 * that does not depend on the numbers of their lines: by type, name, tag, and then content.
 * @param contentOf - the content of an instance, as a text
 */
export function identify(file: IfcFile, ids: readonly number[], contentOf: (id: number) => string): Identifiers {
  const byGlobalId = groupBy(ids, (id) => file.text(id, "GlobalId") ?? "");
  const missing = byGlobalId.get("") ?? [];
  byGlobalId.delete("");
  const identifiers = new Map<number, string>();
  const repeated: string[] = [];
  for (const [globalId, same] of byGlobalId) {
    if (same.length > 1) repeated.push(globalId);
    number(same).forEach((id, index) => identifiers.set(id, index === 0 ? globalId : `${globalId} ${index + 1}`));
  }
  for (const [type, same] of groupBy(missing, (id) => file.typeOf(id)))
    number(same).forEach((id, index) => identifiers.set(id, `${type} ${index + 1}`));
  return { of: identifiers, repeated, missing };

  function number(same: readonly number[]): readonly number[] {
    if (same.length < 2) return same;
    const keyed = same.map((id) => ({ id, key: keyOf(id) }));
    return keyed.sort((left, right) => compare(left.key, right.key)).map(({ id }) => id);
  }

  function keyOf(id: number): string {
    return JSON.stringify([file.typeOf(id), file.text(id, "Name") ?? "", file.text(id, "Tag") ?? "", contentOf(id)]);
  }
}

function groupBy(ids: readonly number[], keyOf: (id: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const id of ids) {
    const key = keyOf(id);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  return groups;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
