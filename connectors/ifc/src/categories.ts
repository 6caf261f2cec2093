import type { CategoryDescription } from "itwin-connector-framework";

/** Colors of types whose material has none, and transparencies of those that are looked through. */
const looks: Readonly<Record<string, Omit<CategoryDescription, "name">>> = {
  IfcSpace: { color: "lightsteelblue", transparency: 0.7 },
  IfcOpeningElement: { color: "lightcoral", transparency: 0.7 },
  IfcOpeningStandardCase: { color: "lightcoral", transparency: 0.7 },
  IfcVoidingFeature: { color: "lightcoral", transparency: 0.7 },
  IfcVirtualElement: { color: "lightgray", transparency: 0.8 },
};

/** The category of the entities of a type. */
export function categoryOf(className: string): CategoryDescription {
  return { name: className, ...looks[className] };
}

/** Whether a view of the building shows a type: its spaces and openings would hide what they lie in. */
export function isShown(className: string): boolean {
  return looks[className] === undefined;
}
