import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { ECName } from "@itwin/ecschema-metadata";
import { bareEntity } from "../../imodel/bareEntity.js";
import { findClassId, readClassProperties } from "../../imodel/classMetadata.js";
import { withoutKeyword } from "./ecsqlKeywords.js";

/** Names that neither the class in the iModel nor the one in JavaScript shows: ECSQL's own, and props without a member. */
const hiddenNames = ["ECInstanceId", "ECClassId", "elementGeometryBuilderParams", "isPrivate"];

/** A longer name is cut; the header stays whole in the label. */
const longestName = 128;

/**
 * The names, in lower case, that no property may have: those of the properties of the base class, and those of the
 * members of core-backend's class for it, which a property would overwrite on the element.
 * @param baseClassName - a class of elements, aspects or relationships that the iModel has
 */
export function findReservedNames(imodel: IModelDb, baseClassName: string): Set<string> {
  const baseClassId = expectDefined(findClassId(imodel, baseClassName));
  const properties = readClassProperties(imodel, baseClassId).map(({ name }) => name);
  const names = [...hiddenNames, ...properties, ...memberNames(imodel, baseClassName)];
  return new Set(names.map((reserved) => reserved.toLowerCase()));
}

/**
 * A name for a new property or class: a valid EC name, no keyword of ECSQL, neither reserved nor taken, whatever the case of
 * its letters.
 * @param reserved - names in lower case
 * @param taken - names in lower case; the new one is added
 * @param known - names in lower case that the class has in the iModel: one that is a keyword stays. Default: none
 * @internal
 */
export function namePropertyFor(
  header: string,
  reserved: ReadonlySet<string>,
  taken: Set<string>,
  known: ReadonlySet<string> = new Set(),
): string {
  const wanted = ECName.encode(header).name.slice(0, longestName);
  const encoded = known.has(wanted.toLowerCase()) ? wanted : withoutKeyword(wanted);
  const base = reserved.has(encoded.toLowerCase()) ? `${encoded}_` : encoded;
  let name = base;
  for (let number = 2; taken.has(name.toLowerCase()) || reserved.has(name.toLowerCase()); number++)
    name = `${base}_${number}`;
  taken.add(name.toLowerCase());
  return name;
}

/** The members of an instance, its own and those that it inherits. */
function memberNames(imodel: IModelDb, classFullName: string): string[] {
  const names: string[] = [];
  let owner: object | null = bareEntity(imodel, classFullName);
  for (; owner !== null; owner = Object.getPrototypeOf(owner) as object | null)
    names.push(...Object.getOwnPropertyNames(owner));
  return names;
}
