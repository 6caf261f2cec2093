import {
  DefinitionModel,
  PhysicalModel,
  SpatialCategory,
  Subject,
  type Element,
  type SnapshotDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type PhysicalElementProps } from "@itwin/core-common";
import { ItemState, Synchronizer, type DeletionLimit } from "itwin-connector-framework";
import { query } from "../support/iModels.js";

/** An item of the source, as these tests give it. */
export interface Item {
  id: string;
  scope?: Id64String;
  kind?: string;
  /** The label of the parent. */
  parent?: string;
  /** The labels of parts; they are known by their order. */
  parts?: string[];
  /** What else its element has. */
  props?: Partial<PhysicalElementProps> & { classFullName?: string };
}

/** One job with its own Subject, model and category in an iModel that it may share. */
export class Job {
  public readonly subjectId: Id64String;
  public readonly model: Id64String;
  public readonly definitions: Id64String;
  public readonly category: Id64String;

  public constructor(
    private readonly _imodel: SnapshotDb,
    name: string,
  ) {
    this.subjectId = Subject.insert(_imodel, IModel.rootSubjectId, name);
    const jsonProperties = { Subject: { Job: { Bridge: name } } };
    _imodel.elements.updateElement({ id: this.subjectId, jsonProperties });
    this.model = PhysicalModel.insert(_imodel, this.subjectId, "Model");
    this.definitions = DefinitionModel.insert(_imodel, this.subjectId, "Definitions");
    this.category = SpatialCategory.insert(_imodel, this.definitions, "Category", {});
  }

  /** The beginning of a run. */
  public start(deletionLimit?: DeletionLimit): Synchronizer {
    const sync = new Synchronizer(this._imodel, false, undefined, { deletionLimit });
    sync.job = { subjectId: this.subjectId };
    return sync;
  }

  /** A run that processes these items, and no others. */
  public run(items: Item[], deletionLimit?: DeletionLimit): Synchronizer {
    const sync = this.start(deletionLimit);
    for (const item of items) this.process(sync, item);
    sync.detectDeletedElements();
    this._imodel.saveChanges();
    return sync;
  }

  /** Processes one item. */
  public process(sync: Synchronizer, item: Item): void {
    const scope = item.scope ?? this.subjectId;
    const kind = item.kind ?? "Item";
    const sourceItem = { id: item.id, checksum: JSON.stringify(item) };
    const { state } = sync.detectChanges(scope, kind, sourceItem);
    if (state === ItemState.Unchanged) return;
    const element = this._imodel.constructEntity<Element>(this._propsOf(item));
    const childElements = item.parts?.map((id) => ({
      element: this._imodel.constructEntity<Element>(this._propsOf({ id })),
      itemState: state,
    }));
    sync.updateIModel({ element, itemState: state, childElements }, scope, sourceItem, kind);
  }

  private _propsOf({ id, parent, props }: Item): PhysicalElementProps {
    const parentId = parent === undefined ? undefined : idOf(this._imodel, parent);
    return {
      classFullName: "Generic:PhysicalObject",
      model: this.model,
      category: this.category,
      code: Code.createEmpty(),
      userLabel: id,
      parent: parentId === undefined ? undefined : { id: parentId, relClassName: "BisCore:ElementOwnsChildElements" },
      ...props,
    };
  }
}

export function idOf(imodel: SnapshotDb, label: string): Id64String | undefined {
  return query(imodel, `SELECT ECInstanceId FROM bis.Element WHERE UserLabel='${label}'`)[0]?.id as Id64String;
}
