import { ExternalSource, type IModelDb, type RepositoryLink } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type ExternalSourceProps } from "@itwin/core-common";
import { reassignExternalSourceAspect } from "../../imodel/native.js";
import { queryIds, queryRows } from "../../imodel/queries.js";
import { JobSubjects, readConfigsOfSource, readJob } from "../provenance/JobSubjects.js";
import { readSourceOf } from "../provenance/provenanceQueries.js";
import type { ProvenanceRecord } from "../provenance/ProvenanceRecord.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { FoundDocument } from "./DocumentFinder.js";

/** For whom ExternalSources are found. */
export interface SourceOwner {
  /** The version of the connector that processes the documents; part of each ExternalSource. */
  connectorVersion?: string;
  /** The name of the job, if there is one. */
  jobName?: string;
  /** Finds the job's Subject, which may not exist yet. */
  findJobSubject: () => Id64String | undefined;
}

/** An ExternalSource of a document. */
interface Source {
  id: Id64String;
  connectorName: string | undefined;
  connectorVersion: string | undefined;
}

/**
 * The ExternalSources of documents. Each connector has one of its own for a document, so that two can read the same file.
 *
 * Other frameworks leave sources that name no connector. One is adopted if all that came from it is this job's. If other
 * jobs have a part in it, what lies below this job's Subject moves to a source of its own, and the rest is left alone.
 */
export class DocumentSources {
  private _jobSubjects?: JobSubjects;
  /** Sources without a name in which other jobs have a part. */
  private readonly _shared: { id: Id64String; linkId: Id64String }[] = [];

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _owner: SourceOwner,
  ) {}

  /**
   * Makes what was found of a document this connector's, before anything that came from the document is compared.
   * @returns its provenance, unless that names no source and other jobs have a part in the document
   */
  public claim({ linkId, record }: FoundDocument): ProvenanceRecord | undefined {
    const isShared = this._adoptNameless(linkId);
    return isShared && record !== undefined && this._isUnclaimed(record) ? undefined : record;
  }

  /** Records the source of a document in its provenance, if that names none. */
  public assign(record: ProvenanceRecord, sourceId: Id64String): void {
    if (this._isUnclaimed(record)) this._context.provenance.assignSource(record, sourceId);
  }

  private _isUnclaimed({ aspectId }: ProvenanceRecord): boolean {
    return readSourceOf(this._context.imodel, aspectId) === undefined;
  }

  /**
   * Adopts the sources of a document that name no connector.
   * @returns whether other jobs have a part in one of them, which is left alone therefore
   */
  private _adoptNameless(linkId: Id64String): boolean {
    const { connectorName, imodel } = this._context;
    if (connectorName === undefined) return false;
    const nameless = readSources(imodel, linkId).filter((source) => source.connectorName === undefined);
    const shared = nameless.filter(({ id }) => !this._adopt(id));
    this._shared.push(...shared.map(({ id }) => ({ id, linkId })));
    return shared.length > 0;
  }

  /** The source of this connector for a document. */
  public findOrInsert(link: RepositoryLink): Id64String {
    const { connectorName, imodel } = this._context;
    const own = readSources(imodel, link.id).find((source) => source.connectorName === connectorName);
    const sourceId = own?.id ?? this._insert(link);
    if (own !== undefined && own.connectorVersion !== this._owner.connectorVersion) this._name(own.id);
    for (const { id, linkId } of this._shared) if (linkId === link.id) this._takeOwnPart(id, sourceId);
    return sourceId;
  }

  /** @returns whether a source without a name is this connector's from now on */
  private _adopt(sourceId: Id64String): boolean {
    const { imodel } = this._context;
    const configs = readConfigsOfSource(imodel, sourceId);
    if (configs.some((id) => this._codeOf(id) !== this._owner.jobName)) return false;
    const jobs = this._readPlaces(sourceId).map((place) => this._jobs.ownerOf(place));
    if (!jobs.every((job) => job === undefined || this._isOwn(job))) return false;
    this._name(sourceId);
    return true;
  }

  private _takeOwnPart(sharedId: Id64String, sourceId: Id64String): void {
    const { imodel, index } = this._context;
    for (const place of this._readPlaces(sharedId)) {
      const job = this._jobs.ownerOf(place);
      if (job === undefined || !this._isOwn(job)) continue;
      for (const aspectId of queryIds(imodel, aspectsAtEcsql, [sharedId, place, place]))
        reassignExternalSourceAspect(imodel, aspectId, { sourceId });
    }
    index.ignoreSource(sharedId);
  }

  /** A job that runs is known by its Subject; else its Subject says which connector made it. */
  private _isOwn(jobSubjectId: Id64String): boolean {
    const ownId = this._owner.findJobSubject();
    if (ownId !== undefined || this._owner.jobName !== undefined) return jobSubjectId === ownId;
    return readJob(this._context.imodel, jobSubjectId)?.Bridge === this._context.connectorName;
  }

  private get _jobs(): JobSubjects {
    this._jobSubjects ??= new JobSubjects(this._context.imodel, this._owner.findJobSubject());
    return this._jobSubjects;
  }

  /** Where the elements lie that came from a source: models, or elements in the model that all jobs share. */
  private _readPlaces(sourceId: Id64String): Id64String[] {
    const { imodel } = this._context;
    return [modelsEcsql, sharedElementsEcsql].flatMap((ecsql) => queryIds(imodel, ecsql, [sourceId]));
  }

  private _codeOf(elementId: Id64String): string {
    return this._context.imodel.elements.getElementProps(elementId).code.value ?? "";
  }

  private _name(id: Id64String): void {
    const { connectorName } = this._context;
    const { connectorVersion } = this._owner;
    this._context.imodel.elements.updateElement<ExternalSourceProps>({ id, connectorName, connectorVersion });
  }

  private _insert(link: RepositoryLink): Id64String {
    const props: ExternalSourceProps = {
      classFullName: ExternalSource.classFullName,
      model: IModel.repositoryModelId,
      code: Code.createEmpty(),
      userLabel: link.userLabel,
      repository: { id: link.id, relClassName: "BisCore:ExternalSourceIsInRepository" },
      connectorName: this._context.connectorName,
      connectorVersion: this._owner.connectorVersion,
    };
    return this._context.imodel.elements.insertElement(props);
  }
}

const sourcedElements = "bis.ExternalSourceAspect a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id";

const modelsEcsql = `
  SELECT DISTINCT e.Model.Id FROM ${sourcedElements} WHERE a.Source.Id=? AND e.Model.Id<>${IModel.repositoryModelId}`;

const sharedElementsEcsql = `
  SELECT e.ECInstanceId FROM ${sourcedElements} WHERE a.Source.Id=? AND e.Model.Id=${IModel.repositoryModelId}`;

const aspectsAtEcsql = `
  SELECT a.ECInstanceId FROM ${sourcedElements} WHERE a.Source.Id=? AND (e.Model.Id=? OR e.ECInstanceId=?)`;

function readSources(imodel: IModelDb, linkId: Id64String): Source[] {
  const ecsql = `
    SELECT ECInstanceId, ConnectorName, ConnectorVersion FROM bis.ExternalSource WHERE Repository.Id=?
    ORDER BY ECInstanceId`;
  return queryRows(imodel, ecsql, [linkId], (row) => ({
    id: row.getValueId(0),
    connectorName: row.getValueStringMaybe(1),
    connectorVersion: row.getValueStringMaybe(2),
  }));
}
