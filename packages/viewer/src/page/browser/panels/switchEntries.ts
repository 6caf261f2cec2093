import type { CategoryEntry, ClassEntry, ElementIndex, ModelEntry } from "../apiTypes.js";
import type { SwitchEntry } from "./SwitchTree.js";

export function categoryEntries(categories: CategoryEntry[], { lists }: ElementIndex): SwitchEntry[] {
  return categories.map(({ id, label, count }) => ({
    label,
    count,
    positions: positionIn(lists.categories, id),
    children: [],
  }));
}

/** The categories that the default view of the iModel does not show, such as spaces, by their positions. */
export function hiddenPositions(categories: CategoryEntry[], { lists }: ElementIndex): number[] {
  return categories.filter(({ isHidden }) => isHidden).flatMap(({ id }) => positionIn(lists.categories, id));
}

export function modelEntries(models: ModelEntry[], { lists }: ElementIndex): SwitchEntry[] {
  const nodes = models.map(({ id, parent, label, count }) => ({
    name: id,
    parent,
    label,
    count,
    positions: positionIn(lists.models, id),
  }));
  return treeOf(nodes);
}

export function classEntries(classes: ClassEntry[], { lists }: ElementIndex): SwitchEntry[] {
  const nodes = classes.map(({ name, base, label, total }) => ({
    name,
    parent: base,
    label,
    count: total,
    positions: positionIn(lists.classes, name),
  }));
  return treeOf(nodes);
}

interface Node extends Omit<SwitchEntry, "children"> {
  name: string;
  parent?: string;
}

/** A node whose parent is not in the list is a root. */
function treeOf(nodes: Node[]): SwitchEntry[] {
  const entries = new Map<string, SwitchEntry>();
  for (const { name, label, count, positions } of nodes) entries.set(name, { label, count, positions, children: [] });
  const roots: SwitchEntry[] = [];
  for (const { name, parent } of nodes) {
    const above = parent === undefined || parent === name ? undefined : entries.get(parent);
    const siblings = above?.children ?? roots;
    const entry = entries.get(name);
    if (entry !== undefined) siblings.push(entry);
  }
  return roots;
}

function positionIn(list: string[], name: string): number[] {
  const position = list.indexOf(name);
  return position < 0 ? [] : [position];
}
