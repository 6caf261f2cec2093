import { createHash } from "node:crypto";
import type { SourceItem } from "../../sync/items/SourceItem.js";
import { canonicalJson } from "./canonicalJson.js";
import type { EntityRelationship, SourceEntity } from "./SourceEntity.js";

/** Bytes of a checksum: enough that no two contents of an entity ever meet. */
const checksumLength = 16;

/** A hash of data, the same for the same data. */
export function hashOf(data: unknown): string {
  const digest = createHash("sha256").update(canonicalJson(data)).digest();
  return digest.toString("base64url", 0, checksumLength);
}

/**
 * An entity as the Synchronizer knows it. Its checksum covers what the framework writes beside the element: where the
 * entity has neither a parent nor relationships, the connector's own checksum stays as it is.
 */
export function itemOf(entity: SourceEntity): SourceItem {
  const { id, version } = entity;
  return { id, version, checksum: version === undefined ? checksumOf(entity) : () => checksumOf(entity) };
}

function checksumOf({ checksum, data, parent, relationships }: SourceEntity): string {
  const isAlone = parent === undefined && (relationships === undefined || relationships.length === 0);
  if (isAlone) return checksum ?? hashOf(data);
  return hashOf([checksum ?? data, parent ?? null, inOrder(relationships ?? [])]);
}

/** Relationships are a set: a source that gives them in another order has not changed. */
function inOrder(relationships: readonly EntityRelationship[]): readonly EntityRelationship[] {
  if (relationships.length < 2) return relationships;
  const keyed = relationships.map((relationship) => ({ relationship, key: canonicalJson(relationship) }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)));
  return keyed.map(({ relationship }) => relationship);
}
