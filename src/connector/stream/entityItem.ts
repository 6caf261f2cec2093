import * as crypto from "node:crypto";
import type { SourceItem } from "../../sync/items/SourceItem.js";
import type { ElementKeys } from "../../sync/provenance/ElementKeys.js";
import { canonicalJson } from "./canonicalJson.js";
import type { EntityReference, SourceEntity } from "./SourceEntity.js";

/** Bytes of a checksum: enough that no two contents of an entity ever meet. */
const checksumLength = 16;

/** A hash of data, the same for the same data. */
export function hashOf(data: unknown): string {
  return digestOfText(canonicalJson(data), checksumLength);
}

/**
 * A hash of a text.
 * @param length - in bytes
 */
export function digestOfText(text: string, length: number): string {
  return digestOf(text).toString("base64url", 0, length);
}

/** One call for a whole text takes a third of the time, but Node has it only from version 20.12 on. */
const digestOf =
  (crypto as { hash?: typeof crypto.hash }).hash === undefined
    ? (text: string) => crypto.createHash("sha256").update(text).digest()
    : (text: string) => crypto.hash("sha256", text, "buffer");

/**
 * An entity as the Synchronizer knows it. Its checksum covers what the framework writes beside the element: where the
 * entity has neither a parent nor relationships, the connector's own checksum stays as it is.
 * @param scopes - names the scopes that references are given by, so that no ids go into the checksum
 * @param conversions - which values are converted from which unit to which, if any: part of the state, since the element
 * is another one when that changes
 */
export function itemOf(entity: SourceEntity, scopes: Pick<ElementKeys, "keyOf">, conversions?: string): SourceItem {
  const { id, version } = entity;
  const own = () => checksumOf(entity, scopes);
  if (conversions === undefined) return { id, version, checksum: version === undefined ? own() : own };
  const checksum = () => hashOf([own(), conversions]);
  if (version === undefined) return { id, version, checksum: checksum() };
  return { id, version: `${version} (units ${hashOf(conversions)})`, checksum };
}

function checksumOf({ checksum, data, parent, relationships = [] }: SourceEntity, scopes: Pick<ElementKeys, "keyOf">) {
  if (parent === undefined && relationships.length === 0) return checksum ?? hashOf(data);
  const named = relationships.map((relationship) => {
    const target = withScopeKey(relationship.target, scopes);
    return target === relationship.target ? relationship : { ...relationship, target };
  });
  return hashOf([checksum ?? data, parent === undefined ? null : withScopeKey(parent, scopes), inOrder(named)]);
}

function withScopeKey(reference: EntityReference, scopes: Pick<ElementKeys, "keyOf">): object {
  return reference.scope === undefined ? reference : { ...reference, scope: scopes.keyOf(reference.scope) };
}

/** Relationships are a set: a source that gives them in another order has not changed. */
function inOrder(relationships: readonly object[]): readonly object[] {
  if (relationships.length < 2) return relationships;
  const keyed = relationships.map((relationship) => ({ relationship, key: canonicalJson(relationship) }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)));
  return keyed.map(({ relationship }) => relationship);
}
