import {
  DefinitionElement,
  DefinitionModel,
  DefinitionPartition,
  Document,
  DocumentListModel,
  DocumentPartition,
  GeometricElement3d,
  GroupInformationElement,
  GroupInformationPartition,
  GroupModel,
  InformationRecordElement,
  InformationRecordModel,
  InformationRecordPartition,
  LinkElement,
  LinkModel,
  LinkPartition,
  PhysicalModel,
  PhysicalPartition,
  SubjectOwnsPartitionElements,
  type Element,
  type IModelDb,
  type InformationPartitionElement,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import { normalizeClassName } from "../../imodel/classNames.js";

/**
 * The sorts of models that a job can have; each holds the elements that BIS has it for.
 * @public
 */
export type ModelKind = "physical" | "definition" | "group" | "record" | "document" | "link";

/**
 * The names of a job's models, which are the codes of their partitions.
 * @public
 */
export type ModelNames = Readonly<Record<ModelKind, string>>;

interface ModelClasses {
  holds: new (...args: never[]) => Element;
  partition: Pick<typeof InformationPartitionElement, "createCode">;
  model: { insert(imodel: IModelDb, parentSubjectId: Id64String, name: string): Id64String };
}

const classesOfKinds: Record<ModelKind, ModelClasses> = {
  physical: { holds: GeometricElement3d as never, partition: PhysicalPartition, model: PhysicalModel },
  definition: { holds: DefinitionElement as never, partition: DefinitionPartition, model: DefinitionModel },
  group: { holds: GroupInformationElement as never, partition: GroupInformationPartition, model: GroupModel },
  record: {
    holds: InformationRecordElement as never,
    partition: InformationRecordPartition,
    model: InformationRecordModel,
  },
  document: { holds: Document as never, partition: DocumentPartition, model: DocumentListModel },
  link: { holds: LinkElement as never, partition: LinkPartition, model: { insert: insertLinkModel } },
};

/** The names of models that the author does not name. */
export const defaultModelNames: ModelNames = {
  physical: "Physical",
  definition: "Definitions",
  group: "Groups",
  record: "Records",
  document: "Documents",
  link: "Links",
};

/** The models of a job, below its Subject; each is made when it is first asked for. */
export class JobModels {
  private readonly _ids = new Map<ModelKind, Id64String>();
  private readonly _idsByClass = new Map<string, Id64String>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _jobSubjectId: Id64String,
    private readonly _names: ModelNames,
  ) {}

  /** Finds or inserts a model. A model has the id of its partition. */
  public idOf(kind: ModelKind): Id64String {
    let id = this._ids.get(kind);
    if (id === undefined) this._ids.set(kind, (id = this._findOrInsert(kind)));
    return id;
  }

  /** The model for elements of a class. */
  public idForClass(classFullName: string): Id64String {
    let id = this._idsByClass.get(classFullName);
    if (id === undefined) this._idsByClass.set(classFullName, (id = this.idOf(this._kindFor(classFullName))));
    return id;
  }

  private _findOrInsert(kind: ModelKind): Id64String {
    const { partition, model } = classesOfKinds[kind];
    const code = partition.createCode(this._imodel, this._jobSubjectId, this._names[kind]);
    const known = this._imodel.elements.queryElementIdByCode(code);
    return known ?? model.insert(this._imodel, this._jobSubjectId, this._names[kind]);
  }

  private _kindFor(classFullName: string): ModelKind {
    const elementClass: { prototype: object } = this._imodel.getJsClass(normalizeClassName(classFullName));
    const kinds = Object.keys(classesOfKinds) as ModelKind[];
    const kind = kinds.find((candidate) => {
      const { holds } = classesOfKinds[candidate];
      return elementClass.prototype === holds.prototype || elementClass.prototype instanceof holds;
    });
    if (kind !== undefined) return kind;
    throw new ConnectorError("stream/no-model", `No model of the job is made for elements of ${classFullName}.`, {
      advice: "Give the props of the element the id of a model.",
    });
  }
}

/** LinkModel has no function of its own for it. */
function insertLinkModel(imodel: IModelDb, parentSubjectId: Id64String, name: string): Id64String {
  const partitionId = imodel.elements.insertElement({
    classFullName: LinkPartition.classFullName,
    model: IModel.repositoryModelId,
    parent: new SubjectOwnsPartitionElements(parentSubjectId),
    code: LinkPartition.createCode(imodel, parentSubjectId, name),
  });
  const modeledElement = { id: partitionId };
  return imodel.models.insertModel({ classFullName: LinkModel.classFullName, modeledElement });
}
