import type { ClassInfo } from "./ClassIndex.js";
import type { ModelContents } from "./ModelContents.js";

/** A name that an ECSQL statement may go on with. */
export interface NameSuggestion {
  /** As it is written in ECSQL. */
  readonly name: string;
  readonly kind: "class" | "property";
  /** What it is: the label of a class, or the type and the class of a property. */
  readonly detail: string;
}

/** So many names are suggested. */
const suggestedAtMost = 50;

/**
 * Names of classes and properties that begin with a text: `Ifc.IfcW`, `IfcW`, `FireR`, or `Ifc.IfcWall.` for the
 * properties of a class.
 */
export async function completeNames(contents: ModelContents, prefix: string): Promise<NameSuggestion[]> {
  const text = prefix.trim().replaceAll(":", ".").toLowerCase();
  const owned = propertiesOfClass(contents, text);
  if (owned !== undefined) return owned.slice(0, suggestedAtMost);
  const counts = await contents.counts();
  const classes = [...contents.classes.all].filter(({ isEntity, schema }) => isEntity && schema !== "ECDbMeta");
  const found = classes.filter((info) => startsWith(info, text));
  const byUse = (left: ClassInfo, right: ClassInfo) =>
    (counts.get(right.id) ?? 0) - (counts.get(left.id) ?? 0) || left.name.localeCompare(right.name);
  return [...found.sort(byUse).map(suggestClass), ...propertiesNamed(classes, text)].slice(0, suggestedAtMost);
}

function startsWith({ name, label }: ClassInfo, text: string): boolean {
  const [schema = "", own = ""] = name.toLowerCase().split(":");
  return `${schema}.${own}`.startsWith(text) || own.startsWith(text) || label.toLowerCase().startsWith(text);
}

function suggestClass({ name, label }: ClassInfo): NameSuggestion {
  return { name: name.replace(":", "."), kind: "class", detail: label };
}

/** Undefined where no class stands before the last point. */
function propertiesOfClass({ classes }: ModelContents, text: string): NameSuggestion[] | undefined {
  const [, className = "", start = ""] = /^([^.]+\.[^.]+)\.([^.]*)$/.exec(text) ?? [];
  const info = [...classes.all].find(({ name }) => name.replace(":", ".").toLowerCase() === className);
  return (
    info &&
    classes
      .propertiesOf(info)
      .filter(({ name }) => name.toLowerCase().startsWith(start))
      .map(suggestProperty)
  );
}

function propertiesNamed(classes: readonly ClassInfo[], text: string): NameSuggestion[] {
  const own = classes.flatMap((info) => info.own).filter(({ name }) => name.toLowerCase().startsWith(text));
  return [...new Map(own.map((property) => [property.name, suggestProperty(property)])).values()];
}

function suggestProperty({ name, type, declaredBy }: ClassInfo["own"][number]): NameSuggestion {
  return { name, kind: "property", detail: `${type} of ${declaredBy}` };
}
