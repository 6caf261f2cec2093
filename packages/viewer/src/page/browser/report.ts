import { showComparison } from "./Comparison.js";
import { byId, h, showFailure } from "./dom.js";
import { followColorScheme, modelPanel } from "./modelPanel.js";
import { Panels, type Panel } from "./panels/Panels.js";
import { searchPanel } from "./panels/SearchPanel.js";
import { ReportApi } from "./report/ReportApi.js";
import { ReportData } from "./report/ReportData.js";
import type { RunReport } from "./report/reportTypes.js";
import { runPanel, type RunLinks } from "./report/runPanel.js";
import { ElementStates } from "./scene/ElementStates.js";
import { addToolbar } from "./toolbar.js";
import { boxOf, Viewer } from "./Viewer.js";

const data = new ReportData(document.body.dataset.folder, document.currentScript?.nonce ?? "");

start().catch((error: unknown) => {
  showFailure(error);
  document.body.dataset.state = "failed";
});

async function start(): Promise<void> {
  const run = await data.read<RunReport>("run");
  document.title = byId("name").textContent = `Run of ${run.job ?? run.connector ?? "a connector"}`;
  if (run.hasModel) await showModel(run);
  else showRunAlone(run);
}

/** A run that failed has nothing to draw. */
function showRunAlone(run: RunReport): void {
  document.body.classList.add("no-model");
  const nowhere = () => undefined;
  new Panels([runPanel(run, { knows: () => false, choose: nowhere, chooseChange: nowhere }, [])]);
  document.body.dataset.state = "ready";
}

async function showModel(run: RunReport): Promise<void> {
  const api = await ReportApi.open(data);
  const [model, index] = await Promise.all([api.model(), api.index()]);
  const viewer = viewerFor(api, new ElementStates(index), model.graphics);
  if (viewer === undefined) {
    showRunAlone(run);
    return;
  }
  if (model.extents !== undefined) viewer.scene.extents = boxOf(model.extents);
  followColorScheme(viewer);
  addToolbar(viewer);
  const changes = model.comparison ? await api.changes() : undefined;
  const panel = changes && showComparison(viewer, api, index, changes);
  const links: RunLinks = {
    knows: (id) => api.knows(id),
    choose: viewer.choose,
    chooseChange: (change) => panel?.choose(change),
  };
  const search = searchPanel(api, viewer.choose, (ids) => viewer.states.isolate(ids), viewer.fail);
  const panels: (Panel | undefined)[] = [runPanel(run, links, changes?.elements ?? []), panel];
  panels.push(await modelPanel(viewer, api, index, await api.classes()), search);
  if (panel !== undefined) addColorSwitch(viewer, !run.iModelIsNew);
  new Panels(panels.filter((given) => given !== undefined));
  viewer.showPrepared();
}

/** Where there is no WebGL, the report still says what ran. */
function viewerFor(api: ReportApi, states: ElementStates, hasGraphics: boolean): Viewer | undefined {
  try {
    return new Viewer(api, states, hasGraphics);
  } catch (error) {
    showFailure(error);
    return undefined;
  }
}

/** Everything is new to a first run, so its own colours say more at first. */
function addColorSwitch({ states }: Viewer, isOn: boolean): void {
  const button = h("button", { title: "Draws the elements in the colours of what changed" }, "Colours of changes");
  const set = (value: boolean) => {
    states.showsEmphasis = value;
    button.setAttribute("aria-pressed", String(value));
  };
  button.addEventListener("click", () => set(!states.showsEmphasis));
  set(isOn);
  byId("toolbar").append(button);
}
