import type { Api } from "./Api.js";
import type { ElementChange, ElementIndex, ModelChanges } from "./apiTypes.js";
import { ChangesPanel, type ChangeFilter } from "./panels/ChangesPanel.js";
import { ElementStates, type Emphasis } from "./scene/ElementStates.js";
import { movedElements, moveLines } from "./scene/Moves.js";
import type { Viewer } from "./Viewer.js";

/** The colours differ in brightness too, and two of them have patterns. */
const emphases: Record<"new" | "changed" | "deleted" | "unchanged" | "moved", Emphasis> = {
  new: { color: 0x2e9e4f },
  changed: { color: 0xe0a100, pattern: "dotted" },
  deleted: { color: 0xc62828, pattern: "striped" },
  unchanged: { color: 0xb8bec8 },
  moved: { color: 0xe0a100, pattern: "striped" },
};

/** Shows in the model what changed: elements of before are drawn beside those of now. */
export function showComparison(viewer: Viewer, api: Api, index: ElementIndex, changes: ModelChanges): ChangesPanel {
  const { states, scene } = viewer;
  const changed = new Set(changes.elements.filter(({ kind }) => kind !== "deleted").map(({ id }) => id));
  const unchanged = index.ids.filter((id) => !changed.has(id));
  states.emphasize(unchanged, emphases.unchanged);
  for (const kind of ["new", "changed"] as const) states.emphasize(idsOf(changes, kind), emphases[kind]);
  const before = showBefore(viewer, api, changes);
  scene.add(moveLines(changes.elements));
  const show = (kinds: ReadonlySet<ChangeFilter>) => {
    const hidden = (["new", "changed"] as const)
      .filter((kind) => !kinds.has(kind))
      .flatMap((kind) => idsOf(changes, kind));
    states.showAll();
    states.hide([...hidden, ...(kinds.has("unchanged") ? [] : unchanged)]);
    before?.showAll();
    if (!kinds.has("deleted")) before?.hide(idsOf(changes, "deleted"));
    if (!kinds.has("changed")) before?.hide(movedBefore(changes));
  };
  const choose = (change: ElementChange) =>
    change.kind === "deleted" ? viewer.chooseDeleted(change) : viewer.choose(change.id);
  const byIdBefore = new Map(changes.elements.map((change) => [change.idBefore, change]));
  viewer.onEarlierElement = (id) => {
    const change = byIdBefore.get(id);
    if (change !== undefined) choose(change);
  };
  return new ChangesPanel(changes, choose, show);
}

/** Draws what is deleted, and what has moved at its old place, from the iModel of before. */
function showBefore({ scene }: Viewer, api: Api, changes: ModelChanges): ElementStates | undefined {
  const hadPlace = new Set(changes.elements.filter(({ boxBefore }) => boxBefore !== undefined).map(beforeOf));
  const deleted = idsOf(changes, "deleted").filter((id) => hadPlace.has(id));
  const moved = movedBefore(changes);
  const ids = [...deleted, ...moved];
  if (ids.length === 0) return undefined;
  const none = ids.map(() => 0);
  const lists = { categories: [""], models: [""], classes: [""] };
  const states = new ElementStates({ ids, categories: none, models: none, classes: none, lists }, false);
  states.emphasize(deleted, emphases.deleted);
  states.emphasize(moved, emphases.moved);
  const tiles = scene.addTiles(api.tiles("before"), states);
  states.onChange = () => {
    tiles.applyStates();
    scene.requestFrame();
  };
  return states;
}

function idsOf({ elements }: ModelChanges, kind: ElementChange["kind"]): string[] {
  const found = elements.filter((change) => change.kind === kind);
  return found.map(kind === "deleted" ? beforeOf : ({ id }) => id);
}

/** The id in the earlier iModel. */
function beforeOf({ id, idBefore = id }: ElementChange): string {
  return idBefore;
}

function movedBefore({ elements }: ModelChanges): string[] {
  return movedElements(elements).flatMap(({ idBefore }) => idBefore ?? []);
}
