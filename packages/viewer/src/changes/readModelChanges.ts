import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { compareIModels, type IModelComparison, type PropertyDifference } from "itwin-connector-framework";
import { queryRowsOfIds } from "itwin-connector-framework/internal";
import { readBoxes, type Box } from "../elements/boxes.js";

/** What became of an element between two iModels. */
export type ChangeKind = "new" | "changed" | "deleted";

/** An element that is not the same in two iModels. */
export interface ElementChange {
  readonly kind: ChangeKind;
  /** In the later iModel; of an element that is deleted in the earlier one. */
  readonly id: Id64String;
  /** In the earlier iModel. */
  readonly idBefore?: Id64String;
  readonly label: string;
  readonly className: string;
  /** What differs of an element that changed, before (`a`) and after (`b`). */
  readonly properties: readonly PropertyDifference[];
  /** Where it was, if it was in space. */
  readonly boxBefore?: Box;
  /** Where it is, if it is in space. */
  readonly box?: Box;
}

/** What changed between two iModels. */
export interface ModelChanges {
  /** The name of the earlier iModel, as the user knows it. */
  readonly before: string;
  readonly after: string;
  readonly counts: Readonly<Record<ChangeKind | "unchanged", number>>;
  /** Changed elements first, then new ones, then those that are deleted. */
  readonly elements: readonly ElementChange[];
}

/** An iModel of a comparison, with the name under which it is shown. */
export interface NamedIModel {
  readonly imodel: IModelDb;
  readonly name: string;
}

/** Compares two iModels element by element, as `compareIModels` does, and adds where the elements are. */
export async function readModelChanges(before: NamedIModel, after: NamedIModel): Promise<ModelChanges> {
  const comparison = await compareIModels(before.imodel, after.imodel);
  const changes = changesOf(comparison);
  const boxesBefore = readBoxes(
    before.imodel,
    changes.flatMap(({ idBefore }) => idBefore ?? []),
  );
  const boxes = readBoxes(
    after.imodel,
    changes.filter(({ kind }) => kind !== "deleted").map(({ id }) => id),
  );
  const labels = new Map([...readLabels(before.imodel, changes, "deleted"), ...readLabels(after.imodel, changes)]);
  const elements = changes.map((change) => ({
    ...change,
    label: labels.get(change) ?? change.label,
    boxBefore: boxesBefore.get(change.idBefore ?? ""),
    box: change.kind === "deleted" ? undefined : boxes.get(change.id),
  }));
  return { before: before.name, after: after.name, counts: countsOf(comparison), elements };
}

/** How users know the elements. Without label and code they are called as the comparison calls them. */
function readLabels(imodel: IModelDb, all: readonly ElementChange[], kind?: ChangeKind): Map<ElementChange, string> {
  const changes = all.filter((change) => (change.kind === "deleted") === (kind === "deleted"));
  const labels = new Map<Id64String, string>();
  const ecsqlOf = (list: string) =>
    `SELECT ECInstanceId, ifnull(UserLabel, CodeValue) FROM bis.Element WHERE ECInstanceId IN (${list})`;
  const ids = changes.map(({ id }) => id);
  queryRowsOfIds(imodel, ids, ecsqlOf, (row) => labels.set(row.getValueId(0), row.getValueString(1)));
  return new Map(changes.map((change) => [change, labels.get(change.id) || change.label]));
}

function changesOf({ elements: { onlyInA, onlyInB, changed } }: IModelComparison): ElementChange[] {
  return [
    ...changed.map(({ idInA, ...element }): ElementChange => ({ kind: "changed", ...element, idBefore: idInA })),
    ...onlyInB.map((element): ElementChange => ({ kind: "new", ...element, properties: [] })),
    ...onlyInA.map((element): ElementChange => ({ kind: "deleted", ...element, idBefore: element.id, properties: [] })),
  ];
}

function countsOf({
  elementCounts,
  elements: { onlyInA, onlyInB, changed },
}: IModelComparison): ModelChanges["counts"] {
  return {
    new: onlyInB.length,
    changed: changed.length,
    deleted: onlyInA.length,
    unchanged: elementCounts.b - onlyInB.length - changed.length,
  };
}
