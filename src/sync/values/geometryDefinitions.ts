import { Id64, type Id64String } from "@itwin/core-bentley";
import type { ValueFault } from "./ValueFault.js";

/** Knows the definitions of an iModel to which geometry can refer. */
export interface GeometryDefinitions {
  /** Whether there is such an element of a class of BisCore. */
  isOfClass(id: Id64String, className: string): boolean;
  /** The category of a SubCategory. */
  categoryOf(subCategoryId: Id64String): Id64String | undefined;
}

/** What decides which definitions geometry can refer to. */
interface ReferringGeometry {
  isPart: boolean;
  definitions: GeometryDefinitions;
  /** The category of the element, as its props have it. */
  category: unknown;
}

/** A member of an entry that is the id of a definition. */
interface DefinitionKey {
  key: string;
  className: string;
  /** Whether an invalid id means none. */
  canBeNone: boolean;
}

const keys: ReadonlyMap<string, readonly DefinitionKey[]> = new Map([
  ["geomPart", [{ key: "part", className: "GeometryPart", canBeNone: false }]],
  [
    "appearance",
    [
      { key: "subCategory", className: "SubCategory", canBeNone: true },
      { key: "style", className: "LineStyle", canBeNone: true },
    ],
  ],
  ["material", [{ key: "materialId", className: "RenderMaterial", canBeNone: true }]],
  ["pattern", [{ key: "symbolId", className: "GeometryPart", canBeNone: true }]],
  ["image", [{ key: "textureId", className: "Texture", canBeNone: false }]],
]);

/** The kinds of entries that refer to definitions. */
export const definitionKinds: ReadonlySet<string> = new Set(keys.keys());

/**
 * Finds a reference to a definition that the iModel does not have: it drops the whole geometry of the element then, or
 * keeps an id that leads nowhere.
 */
export function definitionFault(
  kind: string,
  entry: Readonly<Record<string, unknown>>,
  geometry: ReferringGeometry,
): ValueFault | undefined {
  for (const key of keys.get(kind) ?? []) {
    const id = entry[key.key];
    if (id === undefined || (key.canBeNone && typeof id === "string" && isNoId(id))) continue;
    const expected = expectedOf(id, key, geometry);
    if (expected !== undefined) return { property: `.${key.key}`, value: id, expected };
  }
  return undefined;
}

/** Whether an id says that there is none: "0", or "0x0" as other programs write it. */
export function isNoId(id: Id64String): boolean {
  return Id64.isInvalid(id) || id === "0x0";
}

function expectedOf(id: unknown, { className }: DefinitionKey, geometry: ReferringGeometry): string | undefined {
  const { definitions, category, isPart } = geometry;
  if (isPart && className === "SubCategory") return "left out in a GeometryPart, which has that of the element";
  if (typeof id !== "string" || !Id64.isValidId64(id) || !definitions.isOfClass(id, className))
    return `the id of a BisCore:${className}`;
  if (className !== "SubCategory" || typeof category !== "string") return undefined;
  return definitions.categoryOf(id) === category ? undefined : `a SubCategory of the element's category ${category}`;
}
