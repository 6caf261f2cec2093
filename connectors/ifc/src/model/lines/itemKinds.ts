import type { IfcFile } from "../IfcFile.js";

/** Items that web-ifc makes meshes from. */
const bodies = [
  "IFCSOLIDMODEL",
  "IFCBOOLEANRESULT",
  "IFCCSGPRIMITIVE3D",
  "IFCHALFSPACESOLID",
  "IFCSURFACE",
  "IFCFACEBASEDSURFACEMODEL",
  "IFCSHELLBASEDSURFACEMODEL",
  "IFCTESSELLATEDITEM",
  "IFCSECTIONEDSPINE",
];

/** Items within each other deeper than this go in a circle. */
const deepest = 50;

/** Whether an item of a shape representation has surfaces. One that is mapped or a set has them where one of its items does. */
export function isBody(file: IfcFile, id: number, depth = 0): boolean {
  if (depth > deepest) return false;
  const anyOf = (ids: readonly number[]) => ids.some((item) => isBody(file, item, depth + 1));
  if (file.isA(id, "IFCMAPPEDITEM")) {
    const map = file.reference(id, "MappingSource");
    const mapped = map === undefined ? undefined : file.reference(map, "MappedRepresentation");
    return mapped !== undefined && anyOf(file.references(mapped, "Items"));
  }
  if (file.isA(id, "IFCSTYLEDITEM")) return anyOf(file.references(id, "Item"));
  return bodies.some((body) => file.isA(id, body));
}

/** The representations of a product. */
export function representationsOf(file: IfcFile, product: number): number[] {
  const shape = file.reference(product, "Representation");
  return shape === undefined ? [] : file.references(shape, "Representations");
}

/** Whether a representation has an item with surfaces, which web-ifc is asked for. */
export function hasBodies(file: IfcFile, representation: number): boolean {
  if (file.isA(representation, "IFCTOPOLOGYREPRESENTATION")) return false;
  return file.references(representation, "Items").some((item) => isBody(file, item));
}

/** What a representation is called: its identifier, or its type. */
export function nameOfRepresentation(file: IfcFile, id: number): string {
  return file.text(id, "RepresentationIdentifier") ?? file.text(id, "RepresentationType") ?? "Lines";
}
