import { ConnectorError } from "../../ConnectorError.js";
import { normalizeClassName, propsKeyOf } from "../../imodel/classNames.js";
import { isId } from "../../imodel/isId.js";
import { refuseMisspelt } from "../../sync/values/misspelt.js";
import { isRecord } from "../../sync/values/shapes.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { describeValue } from "../../sync/values/ValueFault.js";
import { hashOf } from "./entityItem.js";
import {
  isNavigation,
  keyOfReference,
  type EntityReference,
  type EntityRelationship,
  type LinkRelationship,
  type NavigationRelationship,
  type SourceEntity,
} from "./SourceEntity.js";

const referenceKeys = ["kind", "id", "scope", "className"];
const relationshipKeys = ["className", "property", "target", "properties"];

/**
 * Checks what an entity says of other entities, before it is compared with what the iModel knows. Connectors in JavaScript
 * can give anything, and of two references that contradict each other one would be dropped.
 * @throws ConnectorError `sync/invalid-value`, `stream/unknown-member`
 */
export function checkReferences(
  { parent, relationships }: Pick<SourceEntity, "parent" | "relationships">,
  documentId: string,
  owner: ValueOwner,
): void {
  if (parent !== undefined) checkReference(parent, "parent", owner);
  if (relationships === undefined) return;
  if (!Array.isArray(relationships)) throw invalid(owner, "relationships", relationships, "an array");
  for (const [index, given] of relationships.entries()) checkRelationship(given, `relationships[${index}]`, owner);
  if (relationships.length > 1) refuseContradictions(relationships, documentId, owner);
}

function checkRelationship(given: unknown, path: string, owner: ValueOwner): void {
  if (!isRecord(given)) throw invalid(owner, path, given, "an object with a target, and with className or property");
  const { className, property, target, properties } = given as Partial<LinkRelationship & NavigationRelationship>;
  refuseMisspelt(given, relationshipKeys, { ...owner, name: `${owner.name}: ${path}` });
  if (className === undefined && property === undefined)
    throw invalid(owner, path, given, "an object with className, for a link, or property, for a navigation property");
  const names = Object.entries({ className, property }).filter(([, name]) => name !== undefined);
  for (const [key, name] of names) if (!isText(name)) throw invalid(owner, `${path}.${key}`, name, "a name");
  checkReference(target, `${path}.target`, owner);
  if (properties === undefined) return;
  const expected = property === undefined ? "an object" : "left out, since a navigation property has none";
  if (property !== undefined || !isRecord(properties)) throw invalid(owner, `${path}.properties`, properties, expected);
}

function checkReference(given: unknown, path: string, owner: ValueOwner): void {
  if (!isRecord(given)) throw invalid(owner, path, given, "an object with kind and id");
  const { kind, id, scope } = given as Partial<EntityReference>;
  refuseMisspelt(given, referenceKeys, { ...owner, name: `${owner.name}: ${path}` });
  for (const [key, text] of Object.entries({ kind, id }))
    if (!isText(text)) throw invalid(owner, `${path}.${key}`, text, "a text that is not empty");
  if (scope !== undefined && !isId(scope)) throw invalid(owner, `${path}.scope`, scope, "the id of an element");
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** A navigation property leads to one element, and an iModel has one relationship of a class between two elements. */
function refuseContradictions(
  relationships: readonly EntityRelationship[],
  documentId: string,
  owner: ValueOwner,
): void {
  const known = new Map<string, EntityRelationship>();
  for (const relationship of relationships) {
    const key = keyOfRelationship(relationship, documentId);
    const other = known.get(key);
    if (other !== undefined) refuseContradiction(other, relationship, documentId, owner);
    known.set(key, relationship);
  }
}

function keyOfRelationship(relationship: EntityRelationship, documentId: string): string {
  if (isNavigation(relationship)) return propsKeyOf(relationship.property);
  const { className, target } = relationship;
  return `${normalizeClassName(className).toLowerCase()} ${keyOfReference(target, documentId)}`;
}

function refuseContradiction(
  first: EntityRelationship,
  second: EntityRelationship,
  documentId: string,
  owner: ValueOwner,
): void {
  if (isNavigation(first)) {
    const ends = [first, second].map((each) => [keyOfReference(each.target, documentId), each.className]);
    if (hashOf(ends[0]) === hashOf(ends[1])) return;
    throw contradiction(
      owner,
      `the navigation property "${first.property}" is to lead to ${describeEnd(first)} and to ${describeEnd(second)}`,
      "Give it one target: a navigation property leads to one element. For several use a link-table relationship.",
    );
  }
  const [one = {}, another = {}] = [first, second].map((each) => (each as LinkRelationship).properties);
  if (hashOf(one) === hashOf(another)) return;
  throw contradiction(
    owner,
    `two relationships ${first.className} lead to ${describeEnd(first)}, with ${describeValue(one)} and ${describeValue(another)}`,
    "Give one of them: an iModel has one relationship of a class from one element to another.",
  );
}

function describeEnd(relationship: EntityRelationship): string {
  const { target, className } = relationship;
  const by = isNavigation(relationship) && className !== undefined ? ` by ${className}` : "";
  return `${target.kind} "${target.id}"${by}`;
}

function contradiction({ name, location, recovery }: ValueOwner, what: string, advice: string): ConnectorError {
  return new ConnectorError("sync/invalid-value", `${name}: ${what}.`, { source: location, recovery, advice });
}

function invalid(
  { name, location, recovery }: ValueOwner,
  path: string,
  value: unknown,
  expected: string,
): ConnectorError {
  const message = `${name}: ${path} is ${describeValue(value)}, but must be ${expected}.`;
  return new ConnectorError("sync/invalid-value", message, {
    source: location,
    recovery,
    advice: "Give the parent and the relationships of an entity as SourceEntity describes them, or leave them out.",
  });
}
