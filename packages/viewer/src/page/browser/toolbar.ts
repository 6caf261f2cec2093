import { Box3 } from "three";
import { byId, h } from "./dom.js";
import { directions, type Direction } from "./scene/Scene.js";
import type { Viewer } from "./Viewer.js";

/** The buttons above the model. Each has a key, which its title names. */
export function addToolbar(viewer: Viewer): void {
  const { scene, states } = viewer;
  const withSelection = (action: (id: string) => void) => () => {
    if (viewer.selection !== undefined) action(viewer.selection.id);
  };
  const actions: Action[] = [
    { key: "f", label: "Fit", run: () => (viewer.selection?.box ? viewer.fitSelection() : scene.fit()) },
    { key: "h", label: "Hide", run: withSelection((id) => states.hide([id])) },
    { key: "i", label: "Isolate", run: withSelection((id) => states.isolate([id])) },
    { key: "t", label: "Transparent", run: () => toggleFocus(viewer) },
    { key: "a", label: "Show all", run: () => states.showAll() },
    {
      key: "m",
      label: "Measure",
      run: () => (viewer.isMeasuring = !viewer.isMeasuring),
      isOn: () => viewer.isMeasuring,
    },
    { key: "x", label: "Section", run: () => toggleSection(viewer), isOn: () => scene.section.isOn },
  ];
  const buttons = actions.map((action) => ({ action, button: buttonFor(action, () => refresh()) }));
  const refresh = () => {
    for (const { action, button } of buttons)
      if (action.isOn !== undefined) button.setAttribute("aria-pressed", String(action.isOn()));
  };
  refresh();
  byId("toolbar").append(viewChoice(viewer), ...buttons.map(({ button }) => button));
  byId("view").addEventListener("keydown", (event) => {
    const pressed = buttons.find(({ action }) => action.key === event.key);
    if (pressed !== undefined && event.target === byId("canvas")) pressed.button.click();
    if (event.key === "Escape") void viewer.select(undefined, false);
  });
}

interface Action {
  key: string;
  label: string;
  run: () => void;
  isOn?: () => boolean;
}

function buttonFor({ key, label, run }: Action, refresh: () => void): HTMLButtonElement {
  const onclick = () => {
    run();
    refresh();
  };
  return h("button", { title: `Key: ${key}`, "aria-keyshortcuts": key, onclick }, label);
}

function viewChoice({ scene }: Viewer): HTMLElement {
  const names = Object.keys(directions);
  const choice = h(
    "select",
    { "aria-label": "View from", onchange: () => scene.fit(undefined, choice.value as Direction) },
    ...names.map((name) => h("option", { value: name }, name)),
  );
  return choice;
}

/** Draws everything but the selection transparent. */
function toggleFocus({ states, selection }: Viewer): void {
  states.focus(states.isFocused || selection === undefined ? undefined : [selection.id]);
}

function toggleSection({ scene }: Viewer): void {
  const form = byId("section-box");
  if (scene.section.isOn) {
    scene.section.clear();
    form.hidden = true;
  } else {
    form.replaceChildren(...sectionSliders(scene));
    form.hidden = false;
  }
  scene.requestFrame();
}

/** For each axis two sliders: what is drawn lies between them. */
function sectionSliders(scene: Viewer["scene"]): HTMLElement[] {
  const { min, max } = scene.bounds;
  const box = new Box3(min.clone(), max.clone());
  const apply = () => {
    scene.section.set(box);
    scene.requestFrame();
  };
  apply();
  const slider = (axis: "x" | "y" | "z", end: "min" | "max") => {
    const [low, high] = [min[axis], max[axis]];
    const input = h("input", {
      type: "range",
      min: 0,
      max: 1000,
      value: end === "min" ? 0 : 1000,
      "aria-label": `${axis} ${end === "min" ? "from" : "to"}`,
      oninput: () => {
        box[end][axis] = low + ((high - low) * Number(input.value)) / 1000;
        apply();
      },
    });
    return input;
  };
  return (["x", "y", "z"] as const).map((axis) =>
    h("div", { class: "row" }, h("span", {}, axis), slider(axis, "min"), slider(axis, "max")),
  );
}
