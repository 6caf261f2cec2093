import { Api } from "./Api.js";
import { showComparison } from "./Comparison.js";
import { byId, h } from "./dom.js";
import { ecsqlPanel } from "./panels/EcsqlPanel.js";
import { Panels, type Panel } from "./panels/Panels.js";
import { searchPanel } from "./panels/SearchPanel.js";
import { categoryEntries, classEntries, hiddenPositions, modelEntries } from "./panels/switchEntries.js";
import { SwitchTree, type SwitchEntry } from "./panels/SwitchTree.js";
import { versionsPanel } from "./panels/VersionsPanel.js";
import { TablePanel } from "./panels/TablePanel.js";
import type { ElementIndex, SwitchList } from "./apiTypes.js";
import { ElementStates } from "./scene/ElementStates.js";
import { directions, type Direction } from "./scene/Scene.js";
import { addToolbar } from "./toolbar.js";
import { boxOf, Viewer } from "./Viewer.js";

/** What the address asks for. Long lists are in its fragment, which is not sent to the server. */
const parameters = new URLSearchParams(`${location.search}&${location.hash.slice(1)}`);
const api = new Api(parameters.get("token") ?? "");

start().catch((error: unknown) => {
  const message = byId("message");
  message.textContent = error instanceof Error ? error.message : String(error);
  message.hidden = false;
  document.body.dataset["state"] = "failed";
});

async function start(): Promise<void> {
  const [model, index] = await Promise.all([api.model(), api.index()]);
  document.title = byId("name").textContent = model.name;
  const viewer = new Viewer(api, new ElementStates(index), model.graphics);
  if (model.extents !== undefined) viewer.scene.extents = boxOf(model.extents);
  followColorScheme(viewer);
  addToolbar(viewer);
  document.body.dataset["graphics"] = String(model.graphics);
  useView(viewer);
  const changes = model.comparison ? [showComparison(viewer, api, index, await api.changes())] : [];
  const versions = model.timeline ? [versionsPanel(await api.versions(), api, viewer.fail)] : [];
  await addPanels(viewer, index, [...changes, ...versions]);
  highlight(viewer, index);
  viewer.showPrepared();
}

/** @param first - panels before the others */
async function addPanels(viewer: Viewer, index: ElementIndex, first: Panel[]): Promise<void> {
  const [categories, models, classes] = await Promise.all([api.categories(), api.models(), api.classes()]);
  viewer.states.switch("categories", hiddenPositions(categories, index), false);
  const isolate = (ids: string[]) => viewer.states.isolate(ids);
  const trees = [
    treeFor(viewer, "Categories", "categories", categoryEntries(categories, index)),
    treeFor(viewer, "Models", "models", modelEntries(models, index)),
    treeFor(viewer, "Classes", "classes", classEntries(classes, index)),
  ];
  viewer.onSwitched = () => {
    for (const tree of trees) tree.refresh();
  };
  const panels: Panel[] = [
    ...first,
    { title: "Model", content: h("div", {}, ...trees.map(({ element }) => element)) },
    searchPanel(api, viewer.choose, isolate, viewer.fail),
    new TablePanel(api, classes, viewer.choose, viewer.fail),
    ecsqlPanel(api, viewer.choose, isolate, viewer.fail),
  ];
  new Panels(panels);
}

function treeFor({ states }: Viewer, title: string, list: SwitchList, entries: SwitchEntry[]): SwitchTree {
  return new SwitchTree(title, entries, {
    isOn: (position) => states.isOn(list, position),
    set: (positions, isOn) => states.switch(list, positions, isOn),
  });
}

/** The scene has the colour of the page, which follows the system's choice of dark or light. */
function followColorScheme({ scene }: Viewer): void {
  const apply = () => (scene.background = getComputedStyle(byId("view")).backgroundColor);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}

/** `picture` leaves the model alone on the page; `view` is where it is seen from. */
function useView(viewer: Viewer): void {
  if (parameters.has("picture")) document.body.classList.add("picture");
  const view = parameters.get("view") ?? "";
  if (view in directions) viewer.scene.initialDirection = view as Direction;
}

/** Each `highlight` is the id of an element that is drawn in a colour, while others are transparent. */
function highlight({ states }: Viewer, index: ElementIndex): void {
  const ids = parameters.getAll("highlight");
  if (ids.length === 0) return;
  const categories = ids.map((id) => index.categories[states.positionOf(id) ?? -1] ?? -1);
  states.switch("categories", categories, true); // some are hidden at first
  states.emphasize(ids, { color: 0xff7300 });
  states.focus(ids);
}
