import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  classType,
  findClassId,
  findMixinTarget,
  linkRoots,
  readBaseClasses,
  readClassInfo,
  readClassName,
  readConstraintClasses,
} from "../../imodel/classMetadata.js";

/** The roots of the classes that a description can derive classes from. */
const elementRoots = ["BisCore:Element", "BisCore:ElementMultiAspect", "BisCore:ElementUniqueAspect"];
/** The roots of the classes that a relationship can lead to. One to aspects, or to what lies beside these, harms the iModel. */
const targetRoots = ["BisCore:Element", "BisCore:Model"];

/** Why a class of the iModel cannot be the base class of elements or aspects, as the end of a sentence. */
export function faultOfElementBase(imodel: IModelDb, classId: Id64String): string | undefined {
  const { type, attributes } = readClassInfo(imodel, classId);
  if (type === classType.relationship) return "is a class of relationships";
  if (attributes.has("IsMixin")) return "is a mixin, which other classes add to themselves";
  if (!isBelow(imodel, classId, elementRoots)) return "is no class of elements or their aspects";
  return faultOfBase(imodel, classId);
}

/** Why a class of the iModel cannot be the base class of link-table relationships. */
export function faultOfLinkBase(imodel: IModelDb, classId: Id64String): string | undefined {
  return isBelow(imodel, classId, linkRoots)
    ? faultOfBase(imodel, classId)
    : "is no class of link-table relationships, which are those below BisCore:ElementRefersToElements";
}

function faultOfBase(imodel: IModelDb, classId: Id64String): string | undefined {
  const { isSealed, attributes } = readClassInfo(imodel, classId);
  if (isSealed) return "is sealed, and can have no subclasses";
  return attributes.has("NotSubclassableInReferencingSchemas")
    ? "can have subclasses in its own schema only, of which one can be the base class"
    : undefined;
}

/** Why a class of the iModel cannot be what a navigation property leads to, or an end of a relationship. */
export function faultOfTarget(imodel: IModelDb, classId: Id64String): string | undefined {
  const ownerId = findMixinTarget(imodel, classId) ?? classId;
  return isBelow(imodel, ownerId, targetRoots) ? undefined : "is no class of elements or models, nor a mixin of these";
}

/** Why a class of the iModel cannot be at an end of relationships below a base class. Of mixins nobody can tell. */
export function faultOfEnd(
  imodel: IModelDb,
  classId: Id64String,
  baseId: Id64String,
  end: "source" | "target",
): string | undefined {
  const allowed = readConstraintClasses(imodel, baseId, end);
  const bases = new Set(readBaseClasses(imodel, classId));
  if (allowed.some((id) => bases.has(id)) || readClassInfo(imodel, classId).attributes.has("IsMixin")) return undefined;
  const names = allowed.map((id) => readClassName(imodel, id)).join(" or ");
  return `is not derived from ${names}, as its base class requires`;
}

function isBelow(imodel: IModelDb, classId: Id64String, roots: readonly string[]): boolean {
  const bases = new Set(readBaseClasses(imodel, classId));
  return roots.some((root) => bases.has(findClassId(imodel, root) ?? ""));
}
