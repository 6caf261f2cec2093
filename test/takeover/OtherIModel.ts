import { join } from "node:path";
import {
  DefinitionModel,
  ExternalSource,
  ExternalSourceAspect,
  GenericSchema,
  PhysicalModel,
  RepositoryLink,
  SpatialCategory,
  StandaloneDb,
  Subject,
  SynchronizationConfigLink,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type ElementProps, type ExternalSourceAspectProps } from "@itwin/core-common";

/** A machine of a source: an item, with bolts as its parts, which can have nuts as theirs. */
export interface Machine {
  id: string;
  bolts: Bolt[];
  kind?: string;
}

/** A part of a machine; its label, or more. */
export type Bolt = string | { label: string; code?: string; guid?: string; nuts?: Bolt[] };

/** What a machine is known within. */
export type ScopeChoice = "link" | "partition" | "subject";

/** How another framework has written an iModel. */
export interface OtherStyle {
  /** What the job's Subject is called. */
  jobName: string;
  connectorName: string;
  /** What the document is known by. */
  documentId: string;
  /** Whether parts carry the aspect of their parent, as in versions 1.x and 2.x. Default: true. */
  marksParts?: boolean;
  /** Whether there are an ExternalSource and a SynchronizationConfigLink. Default: true. */
  hasSources?: boolean;
  /** Whether the document's link has an aspect. Default: true. */
  hasDocumentAspect?: boolean;
  /** What the aspects of items name as their source. Default: the ExternalSource. */
  itemSource?: "source" | "link" | "none";
  /** Default: the link of the document. */
  scope?: ScopeChoice;
  documentVersion?: string;
}

/** The elements of a job that another framework has written. */
export interface OtherJob {
  subjectId: Id64String;
  linkId: Id64String;
  sourceId: Id64String | undefined;
  modelId: Id64String;
  categoryId: Id64String;
}

/** An iModel that is written by hand as another framework leaves it. */
export class OtherIModel {
  public readonly db: StandaloneDb;

  private constructor(path: string) {
    this.db = StandaloneDb.createEmpty(path, { rootSubject: { name: "plant" } });
    this.db.channels.addAllowedChannel("shared");
  }

  /** Creates the iModel and lets `write` fill it. */
  public static async create(path: string, write: (imodel: OtherIModel) => void): Promise<void> {
    const imodel = new OtherIModel(path);
    try {
      await imodel.db.importSchemas([GenericSchema.schemaFilePath]);
      write(imodel);
      imodel.db.saveChanges();
    } finally {
      imodel.db.close();
    }
  }

  /** Writes a job with its document, models and category. */
  public addJob(style: OtherStyle): OtherJob {
    const { db } = this;
    const linkId = this._findOrInsertDocument(style);
    const sourceId = style.hasSources === false ? undefined : this._findOrInsertSource(linkId);
    const subjectId = db.elements.insertElement({
      classFullName: Subject.classFullName,
      model: IModel.repositoryModelId,
      code: Subject.createCode(db, IModel.rootSubjectId, style.jobName),
      parent: { id: IModel.rootSubjectId, relClassName: "BisCore:SubjectOwnsSubjects" },
      jsonProperties: {
        Subject: {
          Job: { Properties: { BridgeVersion: "1.0.0", BridgeType: "JSConnector" }, Bridge: style.connectorName },
        },
      },
    });
    const modelId = PhysicalModel.insert(db, subjectId, "Machines");
    const definitions = DefinitionModel.insert(db, subjectId, "Definitions");
    const categoryId = SpatialCategory.insert(db, definitions, "Machine", {});
    return { subjectId, linkId, sourceId, modelId, categoryId };
  }

  /** Writes machines with their parts. @returns their ids, by label */
  public addMachines(job: OtherJob, style: OtherStyle, machines: readonly Machine[]): Map<string, Id64String> {
    const ids = new Map<string, Id64String>();
    for (const machine of machines) {
      const aspect = this._aspectOf(job, style, machine);
      const id = this._insert(job, { userLabel: machine.id });
      this.addAspect(id, aspect);
      ids.set(machine.id, id);
      const addParts = (parentId: Id64String, parts: readonly Bolt[]) => {
        for (const part of parts) {
          const { label, code, guid, nuts = [] } = boltOf(part);
          const props = { userLabel: label, federationGuid: guid, ...(code && { code: codeOf(job.modelId, code) }) };
          const partId = this._insert(job, props, parentId);
          if (style.marksParts !== false) this.addAspect(partId, aspect);
          ids.set(label, partId);
          addParts(partId, nuts);
        }
      };
      addParts(id, machine.bolts);
    }
    return ids;
  }

  /** Puts provenance on an element. */
  public readonly addAspect = (elementId: Id64String, props: Partial<ExternalSourceAspectProps>): void => {
    const classFullName = ExternalSourceAspect.classFullName;
    this.db.elements.insertAspect({ classFullName, element: { id: elementId }, ...props });
  };

  /** Inserts an element in the job's model, without provenance. */
  public addPlain(job: OtherJob, userLabel: string, parentId?: Id64String): Id64String {
    return this._insert(job, { userLabel }, parentId);
  }

  private _aspectOf({ linkId, sourceId, modelId, subjectId }: OtherJob, style: OtherStyle, machine: Machine) {
    const scopes = { link: linkId, partition: modelId, subject: subjectId };
    const sources = { source: sourceId, link: linkId, none: undefined };
    const source = sources[style.itemSource ?? "source"];
    return {
      scope: { id: scopes[style.scope ?? "link"] },
      source: source === undefined ? undefined : { id: source },
      kind: machine.kind ?? "Machine",
      identifier: machine.id,
      checksum: checksumOf(machine),
    };
  }

  private _insert(job: OtherJob, props: Partial<ElementProps>, parentId?: Id64String): Id64String {
    return this.db.elements.insertElement({
      classFullName: "Generic:PhysicalObject",
      model: job.modelId,
      category: job.categoryId,
      code: Code.createEmpty(),
      ...(parentId && { parent: { id: parentId, relClassName: "BisCore:ElementOwnsChildElements" } }),
      ...props,
    } as ElementProps);
  }

  private _findOrInsertDocument({ documentId, hasDocumentAspect, documentVersion: version }: OtherStyle): Id64String {
    const code = RepositoryLink.createCode(this.db, IModel.repositoryModelId, documentId);
    const known = this.db.elements.queryElementIdByCode(code);
    if (known !== undefined) return known;
    const classFullName = RepositoryLink.classFullName;
    const id = this.db.elements.insertElement({ classFullName, model: IModel.repositoryModelId, code });
    if (hasDocumentAspect !== false)
      this.addAspect(id, {
        scope: { id: IModel.rootSubjectId },
        kind: "DocumentWithBeGuid",
        identifier: documentId,
        version,
      });
    return id;
  }

  /** One for each link, which the one SynchronizationConfigLink of the iModel starts from. */
  private _findOrInsertSource(linkId: Id64String): Id64String {
    const [known] = this.db.queryEntityIds({ from: "bis.ExternalSource", where: `Repository.Id=${linkId}` });
    if (known !== undefined) return known;
    const id = this.db.elements.insertElement({
      classFullName: ExternalSource.classFullName,
      model: IModel.repositoryModelId,
      code: Code.createEmpty(),
      repository: { id: linkId },
    } as ElementProps);
    this.db.relationships.insertInstance({
      classFullName: "BisCore:SynchronizationConfigSpecifiesRootSources",
      sourceId: this._findOrInsertConfig(),
      targetId: id,
    });
    return id;
  }

  private _findOrInsertConfig(): Id64String {
    const code = SynchronizationConfigLink.createCode(this.db, IModel.repositoryModelId, "SynchConfig");
    const known = this.db.elements.queryElementIdByCode(code);
    const classFullName = SynchronizationConfigLink.classFullName;
    return known ?? this.db.elements.insertElement({ classFullName, model: IModel.repositoryModelId, code });
  }
}

/** A part with all that is known of it. */
export function boltOf(part: Bolt): Exclude<Bolt, string> {
  return typeof part === "string" ? { label: part } : part;
}

/** What tells the states of a machine apart. */
export function checksumOf(machine: Machine): string {
  return JSON.stringify(machine);
}

/** The code of a part. */
export function codeOf(modelId: Id64String, value: string): Code {
  return new Code({ spec: "0x1", scope: modelId, value });
}

/** The path of the iModel of a source. */
export function iModelOf(folder: string): string {
  return join(folder, "out", "plant.bim");
}
