import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { JobSubjects } from "itwin-connector-framework/internal";
import { idIn, readRows, readRowsOfIds, textIn, type Row } from "./rows.js";

/** A document of the source. */
export interface DocumentDescription {
  /** The id of its RepositoryLink. */
  readonly id: Id64String;
  readonly name: string;
  /** Where it was read: a path or a URL. */
  readonly path?: string;
  readonly guid?: string;
  /** The last modification of its RepositoryLink, in ISO 8601. */
  readonly lastModified?: string;
}

/** A job that has written to the iModel. */
export interface JobInfo {
  /** The id of its Subject. */
  readonly id: Id64String;
  readonly name: string;
  readonly connector?: string;
  readonly version?: string;
}

/** Where an element came from: an item of the source that it stands for. */
export interface ItemProvenance {
  readonly connector?: string;
  readonly connectorVersion?: string;
  /** The name of the job. Missing where the element lies in no job's Subject. */
  readonly job?: string;
  readonly document?: DocumentDescription;
  readonly kind: string;
  readonly identifier: string;
  readonly version?: string;
  readonly checksum?: string;
  /** When the element was last changed, in ISO 8601. */
  readonly lastChanged: string;
}

/** What one connector makes of a document. */
interface Source {
  readonly connector?: string;
  readonly version?: string;
  readonly linkId?: Id64String;
}

/** Scopes within each other deeper than this go in a circle. */
const deepest = 8;

/** Tells where elements came from. Also reads what @itwin/connector-framework wrote, which names no ExternalSource. */
export class Provenance {
  private readonly _subjects: JobSubjects;
  private readonly _documentOfScope = new Map<Id64String, DocumentDescription | undefined>();

  private constructor(
    private readonly _imodel: IModelDb,
    private readonly _documents: ReadonlyMap<Id64String, DocumentDescription>,
    private readonly _sources: ReadonlyMap<Id64String, Source>,
    private readonly _jobs: ReadonlyMap<Id64String, JobInfo>,
  ) {
    this._subjects = new JobSubjects(_imodel);
  }

  /** Reads documents, sources and jobs. An iModel has few of them. */
  public static async read(imodel: IModelDb): Promise<Provenance> {
    const documents = (await readRows(imodel, documentsEcsql)).map(documentOf);
    const sources = (await readRows(imodel, sourcesEcsql)).map(sourceOf);
    const jobs = (await readRows(imodel, subjectsEcsql)).flatMap(jobOf);
    const byId = new Map(documents.map((document) => [document.id, document]));
    return new Provenance(imodel, byId, new Map(sources), new Map(jobs.map((job) => [job.id, job])));
  }

  /** All documents. */
  public get documents(): readonly DocumentDescription[] {
    return [...this._documents.values()];
  }

  /** All jobs, each with the documents that came in through it, as far as that is recorded. */
  public async jobs(): Promise<(JobInfo & { readonly documents: readonly DocumentDescription[] })[]> {
    const rows = await readRows(this._imodel, jobSourcesEcsql);
    return [...this._jobs.values()].map((job) => {
      const ids = rows.filter((row) => row[0] === job.name).map((row) => idIn(row, 1));
      const documents = [...new Set(ids)].map((id) => this._documents.get(id));
      return { ...job, documents: documents.filter((document) => document !== undefined) };
    });
  }

  /** The items that elements stand for, by the ids of these. */
  public async of(elementIds: readonly Id64String[]): Promise<Map<Id64String, ItemProvenance[]>> {
    const found = new Map<Id64String, ItemProvenance[]>();
    const rows = await readRowsOfIds(this._imodel, elementIds, aspectsEcsqlOf);
    for (const row of rows) {
      const id = idIn(row, 0);
      const items = found.get(id) ?? [];
      items.push(await this._itemOf(row));
      found.set(id, items);
    }
    return found;
  }

  private async _itemOf(row: Row): Promise<ItemProvenance> {
    const [elementId, scopeId, modelId] = [idIn(row, 0), idIn(row, 1), idIn(row, 7)];
    const job = this._jobOf(elementId, modelId);
    const source = this._sources.get(textIn(row, 6) ?? "");
    const document = this._documents.get(source?.linkId ?? "") ?? (await this._documentOf(scopeId, elementId));
    return { ...connectorOf(source, job), job: job?.name, document, ...stateOf(row) };
  }

  /** Elements of a model have the job of the model, so that not each of them has to be looked up. */
  private _jobOf(elementId: Id64String, modelId: Id64String): JobInfo | undefined {
    const owner = this._subjects.ownerOf(modelId === IModel.repositoryModelId ? elementId : modelId);
    return this._jobs.get(owner ?? "");
  }

  /** The document that a scope is, or that it came from. An element may be a document itself. */
  private async _documentOf(
    scopeId: Id64String,
    elementId: Id64String,
    depth = 0,
  ): Promise<DocumentDescription | undefined> {
    const own = this._documents.get(elementId) ?? this._documents.get(scopeId);
    if (own !== undefined || depth > deepest) return own;
    if (this._documentOfScope.has(scopeId)) return this._documentOfScope.get(scopeId);
    const [row] = await readRows(this._imodel, scopeEcsql, [{ id: scopeId }]);
    const document = await this._documentBehind(row, scopeId, depth);
    this._documentOfScope.set(scopeId, document);
    return document;
  }

  private async _documentBehind(
    row: Row | undefined,
    scopeId: Id64String,
    depth: number,
  ): Promise<DocumentDescription | undefined> {
    if (row === undefined) return undefined;
    const source = this._sources.get(textIn(row, 1) ?? "");
    return this._documents.get(source?.linkId ?? "") ?? this._documentOf(idIn(row, 0), scopeId, depth + 1);
  }
}

function connectorOf(
  source: Source | undefined,
  job: JobInfo | undefined,
): Pick<ItemProvenance, "connector" | "connectorVersion"> {
  return {
    connector: source?.connector ?? job?.connector,
    connectorVersion: source?.version ?? job?.version,
  };
}

/** What an aspect says of its item, from a row of {@link aspectsEcsqlOf}. */
function stateOf(row: Row): Omit<ItemProvenance, "connector" | "connectorVersion" | "job" | "document"> {
  return {
    kind: textIn(row, 2) ?? "",
    identifier: textIn(row, 3) ?? "",
    version: textIn(row, 4),
    checksum: textIn(row, 5),
    lastChanged: textIn(row, 8) ?? "",
  };
}

const documentsEcsql = `
  SELECT ECInstanceId, UserLabel, CodeValue, Url, RepositoryGuid, JsonProperties, LastMod FROM bis.RepositoryLink`;

const sourcesEcsql = "SELECT ECInstanceId, ConnectorName, ConnectorVersion, Repository.Id FROM bis.ExternalSource";

const subjectsEcsql = "SELECT ECInstanceId, CodeValue, JsonProperties FROM bis.Subject";

const jobSourcesEcsql = `
  SELECT c.CodeValue, s.Repository.Id FROM bis.SynchronizationConfigProcessesSources r
    JOIN bis.SynchronizationConfigLink c ON c.ECInstanceId=r.SourceECInstanceId
    JOIN bis.ExternalSource s ON s.ECInstanceId=r.TargetECInstanceId
  WHERE s.Repository.Id IS NOT NULL`;

const scopeEcsql = "SELECT Scope.Id, Source.Id FROM bis.ExternalSourceAspect WHERE Element.Id=? LIMIT 1";

const aspectsEcsqlOf = (list: string) => `
  SELECT a.Element.Id, a.Scope.Id, a.Kind, a.Identifier, a.Version, a.Checksum, a.Source.Id, e.Model.Id, e.LastMod
  FROM bis.ExternalSourceAspect a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id
  WHERE a.Element.Id IN (${list}) ORDER BY a.Element.Id, a.ECInstanceId`;

interface LinkProperties {
  readonly DocumentPlace?: { readonly path?: string };
}

function documentOf(row: Row): DocumentDescription {
  const { DocumentPlace } = parse<LinkProperties>(textIn(row, 5));
  return {
    id: idIn(row, 0),
    name: textIn(row, 1) ?? textIn(row, 2) ?? idIn(row, 0),
    path: DocumentPlace?.path ?? textIn(row, 3),
    guid: textIn(row, 4),
    lastModified: textIn(row, 6),
  };
}

function sourceOf(row: Row): [Id64String, Source] {
  return [idIn(row, 0), { connector: textIn(row, 1), version: textIn(row, 2), linkId: textIn(row, 3) }];
}

interface SubjectProperties {
  readonly Subject?: {
    readonly Job?: { readonly Bridge?: string; readonly Properties?: { readonly BridgeVersion?: string } };
  };
}

function jobOf(row: Row): JobInfo[] {
  const job = parse<SubjectProperties>(textIn(row, 2)).Subject?.Job;
  if (job === undefined) return [];
  const name = textIn(row, 1) ?? idIn(row, 0);
  return [{ id: idIn(row, 0), name, connector: job.Bridge, version: job.Properties?.BridgeVersion }];
}

/** Other programs may have written something else than an object. */
function parse<T extends object>(json: string | undefined): Partial<T> {
  try {
    const parsed: unknown = JSON.parse(json ?? "{}");
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
