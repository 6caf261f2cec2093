import {
  DefinitionModel,
  GenericSchema,
  PhysicalModel,
  SpatialCategory,
  Subject,
  type Element,
  type SnapshotDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type PhysicalElementProps } from "@itwin/core-common";
import { ItemState, Synchronizer, type DeletionLimit } from "itwin-connector-framework";
import { createIModel, query } from "../support/iModels.js";

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

/** The label of the parent of an element. */
export function parentOf(imodel: SnapshotDb, label: string): unknown {
  const ecsql = `
    SELECT p.UserLabel FROM bis.Element c JOIN bis.Element p ON p.ECInstanceId=c.Parent.Id WHERE c.UserLabel='${label}'`;
  return query(imodel, ecsql)[0]?.userLabel;
}

/** The labels of all elements of a class, in order. */
export function labelsOf(imodel: SnapshotDb, className = "bis.PhysicalElement"): string[] {
  const ecsql = `SELECT UserLabel FROM ${className} WHERE UserLabel IS NOT NULL ORDER BY UserLabel`;
  return query(imodel, ecsql).map((row) => row.userLabel as string);
}

/** The codes of the issues so far. */
export function codesOf({ statistics }: Synchronizer): string[] {
  return statistics.issues.map(({ code }) => code);
}

/** An element that another program puts below an element, or into the model of the job. */
export function addElement(
  imodel: SnapshotDb,
  job: Job,
  label: string,
  place: { parent?: Id64String; model?: Id64String } = {},
) {
  const { parent, model = job.model } = place;
  return imodel.elements.insertElement({
    classFullName: "Generic:PhysicalObject",
    model,
    category: job.category,
    code: Code.createEmpty(),
    userLabel: label,
    ...(parent && { parent: { id: parent, relClassName: "BisCore:ElementOwnsChildElements" } }),
  } as PhysicalElementProps);
}

/** A schema of these classes, with a class Pump. */
export function sampleSchema(classes = "", name = "Sample"): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <ECSchema schemaName="${name}" alias="${name.toLowerCase()}" version="01.00.00"
        xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
      <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
      <ECEntityClass typeName="Pump"><BaseClass>bis:PhysicalElement</BaseClass></ECEntityClass>${classes}
    </ECSchema>`;
}

/** A new iModel with some schemas and one job. */
export async function createScene(...schemas: string[]): Promise<{ imodel: SnapshotDb; job: Job }> {
  const imodel = createIModel();
  await imodel.importSchemas([GenericSchema.schemaFilePath]);
  if (schemas.length > 0) await imodel.importSchemaStrings(schemas);
  return { imodel, job: new Job(imodel, "one") };
}
