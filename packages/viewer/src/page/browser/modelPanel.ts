import type { Api } from "./Api.js";
import type { ClassEntry, ElementIndex, SwitchList } from "./apiTypes.js";
import { byId, h } from "./dom.js";
import type { Panel } from "./panels/Panels.js";
import { categoryEntries, classEntries, hiddenPositions, modelEntries } from "./panels/switchEntries.js";
import { SwitchTree, type SwitchEntry } from "./panels/SwitchTree.js";
import type { Viewer } from "./Viewer.js";

/** The panel with the categories, models and classes of the iModel as switches. */
export async function modelPanel(viewer: Viewer, api: Api, index: ElementIndex, classes: ClassEntry[]): Promise<Panel> {
  const [categories, models] = await Promise.all([api.categories(), api.models()]);
  viewer.states.switch("categories", hiddenPositions(categories, index), false);
  const trees = [
    treeFor(viewer, "Categories", "categories", categoryEntries(categories, index)),
    treeFor(viewer, "Models", "models", modelEntries(models, index)),
    treeFor(viewer, "Classes", "classes", classEntries(classes, index)),
  ];
  viewer.onSwitched = () => {
    for (const tree of trees) tree.refresh();
  };
  return { title: "Model", content: h("div", {}, ...trees.map(({ element }) => element)) };
}

function treeFor({ states }: Viewer, title: string, list: SwitchList, entries: SwitchEntry[]): SwitchTree {
  return new SwitchTree(title, entries, {
    isOn: (position) => states.isOn(list, position),
    set: (positions, isOn) => states.switch(list, positions, isOn),
  });
}

/** The scene has the colour of the page, which follows the system's choice of dark or light. */
export function followColorScheme({ scene }: Viewer): void {
  const apply = () => (scene.background = getComputedStyle(byId("view")).backgroundColor);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}
