import type { CategoryDescription } from "itwin-connector-framework";

/** Colors and transparencies of types that are looked through, where the file gives them no style. */
const looks: Readonly<Record<string, { readonly color: string; readonly transparency: number }>> = {
  IfcSpace: { color: "lightsteelblue", transparency: 0.7 },
  IfcOpeningElement: { color: "lightcoral", transparency: 0.7 },
  IfcOpeningStandardCase: { color: "lightcoral", transparency: 0.7 },
  IfcVoidingFeature: { color: "lightcoral", transparency: 0.7 },
  IfcVirtualElement: { color: "lightgray", transparency: 0.8 },
};

/**
 * The category of the entities of a type. It has no transparency: the platform would multiply it with that which the file
 * gives an element.
 */
export function categoryOf(className: string): CategoryDescription {
  const look = looks[className];
  return { name: className, ...(look !== undefined && { color: look.color }) };
}

/** How transparent entities of a type are to which the file gives no style. */
export function transparencyOf(className: string): number {
  return looks[className]?.transparency ?? 0;
}

/** Whether a view of the building shows a type: its spaces and openings would hide what they lie in. */
export function isShown(className: string): boolean {
  return looks[className] === undefined;
}
