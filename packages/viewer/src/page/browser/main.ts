import { ServerApi } from "./Api.js";
import { ServiceApi } from "./ServiceApi.js";
import { showComparison } from "./Comparison.js";
import { byId, showFailure } from "./dom.js";
import { followColorScheme, modelPanel } from "./modelPanel.js";
import { ecsqlPanel } from "./panels/EcsqlPanel.js";
import { Panels, type Panel } from "./panels/Panels.js";
import { searchPanel } from "./panels/SearchPanel.js";
import { versionsPanel } from "./panels/VersionsPanel.js";
import { TablePanel } from "./panels/TablePanel.js";
import type { ElementIndex } from "./apiTypes.js";
import { ElementStates } from "./scene/ElementStates.js";
import { directions, type Direction } from "./scene/Scene.js";
import { addToolbar } from "./toolbar.js";
import { boxOf, Viewer } from "./Viewer.js";

/** What the address asks for. Long lists are in its fragment, which is not sent to the server. */
const parameters = new URLSearchParams(`${location.search}&${location.hash.slice(1)}`);

start().catch((error: unknown) => {
  showFailure(error);
  document.body.dataset.state = "failed";
});

async function start(): Promise<void> {
  const api = ServiceApi.for(parameters) ?? new ServerApi(parameters.get("token") ?? "");
  if (api instanceof ServiceApi) await api.prepare((text) => (byId("status").textContent = text), showFailure);
  const [model, index] = await Promise.all([api.model(), api.index()]);
  document.title = byId("name").textContent = model.name;
  const viewer = new Viewer(api, new ElementStates(index), model.graphics);
  if (model.extents !== undefined) viewer.scene.extents = boxOf(model.extents);
  followColorScheme(viewer);
  addToolbar(viewer);
  document.body.dataset.graphics = String(model.graphics);
  useView(viewer);
  const changes = model.comparison ? [showComparison(viewer, api, index, await api.changes())] : [];
  const versions = model.timeline ? [versionsPanel(await api.versions(), api, viewer.fail)] : [];
  await addPanels(viewer, api, index, [...changes, ...versions]);
  highlight(viewer, index);
  chooseElement(viewer);
  viewer.showPrepared();
}

/** @param first - panels before the others */
async function addPanels(viewer: Viewer, api: ServerApi, index: ElementIndex, first: Panel[]): Promise<void> {
  const classes = await api.classes();
  const isolate = (ids: string[]) => viewer.states.isolate(ids);
  const panels: Panel[] = [
    ...first,
    await modelPanel(viewer, api, index, classes),
    searchPanel(api, viewer.choose, isolate, viewer.fail),
    new TablePanel(api, classes, viewer.choose, viewer.fail),
    ecsqlPanel(api, viewer.choose, isolate, viewer.fail),
  ];
  new Panels(panels);
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

/** `element` is the id of an element that is selected. */
function chooseElement(viewer: Viewer): void {
  const id = parameters.get("element");
  if (id !== null) viewer.choose(id);
}
