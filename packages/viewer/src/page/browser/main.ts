import { ServerApi } from "./Api.js";
import { showComparison } from "./Comparison.js";
import { byId } from "./dom.js";
import { followColorScheme, modelPanel } from "./modelPanel.js";
import { ecsqlPanel } from "./panels/EcsqlPanel.js";
import { Panels, type Panel } from "./panels/Panels.js";
import { searchPanel } from "./panels/SearchPanel.js";
import { TablePanel } from "./panels/TablePanel.js";
import type { ElementIndex } from "./apiTypes.js";
import { ElementStates } from "./scene/ElementStates.js";
import { directions, type Direction } from "./scene/Scene.js";
import { addToolbar } from "./toolbar.js";
import { boxOf, Viewer } from "./Viewer.js";

const parameters = new URLSearchParams(location.search);
const api = new ServerApi(parameters.get("token") ?? "");

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
  usePictureOptions(viewer);
  const changes = model.comparison ? [showComparison(viewer, api, index, await api.changes())] : [];
  await addPanels(viewer, index, changes);
}

/** @param first - panels before the others */
async function addPanels(viewer: Viewer, index: ElementIndex, first: Panel[]): Promise<void> {
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

/** `picture` leaves the model alone on the page; `view` and `highlight` choose what the picture shows. */
function usePictureOptions(viewer: Viewer): void {
  if (parameters.has("picture")) document.body.classList.add("picture");
  const view = parameters.get("view") ?? "";
  if (view in directions) viewer.scene.initialDirection = view as Direction;
  const highlighted = parameters.getAll("highlight");
  if (highlighted.length > 0) viewer.states.emphasize(highlighted, { color: 0xff7300 });
}
