import { basename } from "node:path";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import type { ErrorRecovery } from "../ConnectorError.js";
import { LoopTurns } from "../LoopTurns.js";
import { gridsState } from "../places/datum/gridsState.js";
import { placeState } from "../places/frame/placeState.js";
import type { FoundClasses } from "../sync/documents/SourceClasses.js";
import { ItemState } from "../sync/items/SourceItem.js";
import type { ConnectorJobDefArgs } from "./ConnectorJobDefArgs.js";
import { ITwinConnector } from "./ITwinConnector.js";
import { checkSchemas } from "./schema/checkSchemas.js";
import { importDescription, importSchemaFile } from "./schema/importSchemas.js";
import type { SchemaDescription, SchemaFile } from "./schema/SchemaDescription.js";
import { sourceClasses } from "./schema/sourceClasses.js";
import { UnitConversions } from "./schema/UnitConversions.js";
import { EntityElements } from "./stream/EntityElements.js";
import { hashOf } from "./stream/entityItem.js";
import { JobDefinitions, type DefinitionsDescription } from "./stream/JobDefinitions.js";
import { defaultModelNames, JobModels, type ModelKind } from "./stream/JobModels.js";
import { hashFile, type SourceDocument } from "./stream/SourceDocument.js";
import type { SourceEntity } from "./stream/SourceEntity.js";
import { StreamSynchronizer } from "./stream/StreamSynchronizer.js";

/** The document of a run, once it is recorded. */
interface RecordedState {
  /** Its RepositoryLink. */
  id: Id64String;
  /** Whether it is in the state of the last run, so that nothing of it is read. */
  isUnchanged: boolean;
}

/**
 * A connector that only says what its source is made of: its document, classes, definitions, and a stream of entities.
 * The framework makes schemas, models and elements, tells what changed, puts children below parents and relates entities
 * to each other. docs/stream-connectors.md shows how.
 *
 * The calls of a run, in order; after the first one only if the document is not in the state of the last run:
 * 1. {@link StreamConnector.getDocument};
 * 2. {@link StreamConnector.openDocument};
 * 3. {@link StreamConnector.getSchemas};
 * 4. {@link StreamConnector.getDefinitions}, {@link StreamConnector.writeDefinitions};
 * 5. {@link StreamConnector.readEntities}, {@link StreamConnector.closeDocument}.
 * @public
 */
export abstract class StreamConnector extends ITwinConnector {
  private _args?: ConnectorJobDefArgs;
  private _recordedDocument?: RecordedState;
  private _isOpen = false;
  private _models?: JobModels;
  private _definitions?: JobDefinitions;
  private readonly _describedSchemas: string[] = [];
  private readonly _conversions = new UnitConversions();

  /** The arguments of the job. Known from `initialize` on. */
  protected get args(): Readonly<ConnectorJobDefArgs> {
    return known(this._args, "args", "initialize");
  }

  /** The RepositoryLink of the document, the scope of its entities. Known from `openDocument` on. */
  protected get documentId(): Id64String {
    return this._recorded.id;
  }

  private get _recorded(): RecordedState {
    return known(this._recordedDocument, "documentId", "openDocument");
  }

  /** Finds or inserts a model of the job. Possible from `writeDefinitions` on. */
  protected modelId(kind: ModelKind): Id64String {
    return this._jobModels.idOf(kind);
  }

  /** What the description of the connector's schemas says, so that they are told from those of others. */
  protected get schemaOwner(): string {
    return `Classes of the connector ${this.getConnectorName()}.`;
  }

  /**
   * What happens to an entity with a value that the iModel cannot hold, such as a text for a number, or that the iModel
   * refuses with its parts and aspects: `fatal` ends the run; `skippable` reports an issue and goes on, and an element that
   * the iModel has for the entity stays as it is. One whose code or federation GUID another entity wants too is written
   * without it, and so is one with a reference that turns out wrong when its target comes. Default: `fatal`.
   */
  protected getInvalidValuePolicy(): ErrorRecovery {
    return "fatal";
  }

  private get _jobModels(): JobModels {
    this._models ??= new JobModels(this.synchronizer.imodel, this.jobSubject.id, {
      ...defaultModelNames,
      ...this.getDefinitions().modelNames,
    });
    return this._models;
  }

  /**
   * What identifies the document, and the state it is in. Default: the name of the file, so that the iModel can be moved
   * together with it, and a hash of its content.
   * @param sourcePath - the absolute path of the source file
   */
  protected async getDocument(sourcePath: string): Promise<SourceDocument> {
    const checksum = await hashFile(sourcePath, (done, total) => this.reportProgress(done, total));
    return { id: basename(sourcePath), checksum };
  }

  /** Opens the document, and finds out what the classes and definitions depend on. Default: nothing. */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  protected async openDocument(_sourcePath: string): Promise<void> {}

  /** The schemas, each after those that it refers to. Default: none. */
  protected getSchemas():
    readonly (SchemaDescription | SchemaFile)[] | Promise<readonly (SchemaDescription | SchemaFile)[]> {
    return [];
  }

  /** The definitions that the elements need. Default: none. */
  protected getDefinitions(): DefinitionsDescription {
    return {};
  }

  /** Writes definitions that cannot be described, such as geometry parts. Default: nothing. */
  protected async writeDefinitions(): Promise<void> {}

  /**
   * The entities of the source, in any order; parents first where that is easy, since children wait for them in memory.
   * They come one by one or, which takes less time, in lists. The next ones are asked for when those before are written.
   * What throws here ends the run.
   */
  protected abstract readEntities():
    AsyncIterable<SourceEntity | readonly SourceEntity[]> | Iterable<SourceEntity | readonly SourceEntity[]>;

  /** Closes the document when its entities were read, or the run has failed after `openDocument` began. Default: nothing. */
  protected async closeDocument(): Promise<void> {}

  /** Named after the file alone, as the document is. */
  public override getJobSubjectName(sourcePath: string): string {
    return `${this.getConnectorName()}:${basename(sourcePath)}`;
  }

  /** Keeps the arguments for {@link StreamConnector.args}. */
  public override initialize(params: ConnectorJobDefArgs): void {
    this._args = params;
  }

  /** Records the document and opens it, unless it is in the state of the last run. */
  public override async openSourceData(sourcePath: string): Promise<void> {
    const { id, url, properties, ...state } = await this.getDocument(sourcePath);
    const item = { id, checksum: this._checksumOf(state, sourcePath) };
    const kind = this.getConnectorName();
    const { element, itemState } = this.synchronizer.recordDocument(IModel.rootSubjectId, item, kind, url, properties);
    this._recordedDocument = { id: element.id, isUnchanged: itemState === ItemState.Unchanged };
    if (this._recordedDocument.isUnchanged) return;
    this._isOpen = true; // also when the opening fails halfway
    await this.openDocument(sourcePath);
  }

  /** Does nothing: {@link StreamConnector.getSchemas} gives all schemas. */
  public override async importDomainSchema(): Promise<void> {}

  /** Imports the schemas of {@link StreamConnector.getSchemas}. */
  public override async importDynamicSchema(): Promise<void> {
    if (this._recorded.isUnchanged) return;
    const { imodel } = this.synchronizer;
    const schemas = await this.getSchemas();
    checkSchemas(schemas);
    this.synchronizer.checkClasses({ document: this.documentId, ...this.findClasses(schemas) });
    for (const schema of schemas)
      if ("file" in schema) await importSchemaFile(imodel, schema);
      else {
        const issues = await importDescription(imodel, schema, this.schemaOwner, this._conversions);
        for (const issue of issues) this.synchronizer.statistics.report(issue);
        this._describedSchemas.push(schema.name);
      }
  }

  /** The classes of the source, for the contract of the run. Default: those of the described schemas. */
  protected findClasses(schemas: readonly (SchemaDescription | SchemaFile)[]): FoundClasses {
    return { classes: schemas.flatMap((schema) => ("file" in schema ? [] : sourceClasses(schema))) };
  }

  /**
   * A hash of what decides beside the source about what becomes of an entity: the units and the place of the iModel.
   * @internal
   */
  protected get surroundings(): string {
    return hashOf([this._conversions.key ?? "", ...this._placesState]);
  }

  /** Does nothing: models are inserted when they are first used. */
  public override async initializeJob(): Promise<void> {}

  /** Inserts the definitions of {@link StreamConnector.getDefinitions} and calls {@link StreamConnector.writeDefinitions}. */
  public override async importDefinitions(): Promise<void> {
    if (this._recorded.isUnchanged) return;
    this._definitions = new JobDefinitions(this.synchronizer.imodel, this._jobModels, this.getDefinitions());
    this._definitions.write();
    await this.writeDefinitions();
  }

  /** Synchronizes the entities of {@link StreamConnector.readEntities}. */
  public override async updateExistingData(): Promise<void> {
    if (this._recorded.isUnchanged) return;
    const { synchronizer } = this;
    const definitions = known(this._definitions, "definitions", "importDefinitions");
    const stream = new StreamSynchronizer({
      synchronizer,
      elements: new EntityElements(synchronizer.imodel, {
        models: this._jobModels,
        definitions,
        schemas: this._describedSchemas,
        conversions: this._conversions,
      }),
      conversions: this._conversions,
      documentId: this.documentId,
      detectsDeletions: this.args.doDetectDeletedElements,
      invalidValues: this.getInvalidValuePolicy(),
    });
    synchronizer.valueConflictPolicy = this.getInvalidValuePolicy();
    const turns = new LoopTurns();
    for await (const piece of this.readEntities())
      for (const entity of isList(piece) ? piece : [piece]) {
        await stream.add(entity);
        if (turns.areDue) await turns.take();
      }
    stream.finish();
  }

  /** Closes the document if it was opened. */
  public override async closeSourceData(): Promise<void> {
    if (this._isOpen) await this.closeDocument();
  }

  /** Of all that decides what a run makes of the document, so that it is read again when any of that changes. */
  private _checksumOf({ version, checksum }: Pick<SourceDocument, "version" | "checksum">, sourcePath: string) {
    const content = version ?? checksum;
    if (content === undefined) return undefined;
    const job = this.synchronizer.jobName ?? this.getJobSubjectName(sourcePath);
    const { settings = {} } = this.args;
    const set = Object.keys(settings).length === 0 ? [] : [{ settings }];
    const places = this._placesState;
    const args = [this.args.argsJson as unknown, this.args.doDetectDeletedElements, ...places, ...set];
    return hashOf([content, this.getApplicationVersion(), job, args]);
  }

  /** What decides about the places of elements beside the source. */
  private get _placesState(): readonly unknown[] {
    const { grids } = this.args;
    const place = placeState(this.synchronizer.imodel);
    return [...(grids === undefined ? [] : [gridsState(grids)]), ...(place === "" ? [] : [place])];
  }
}

function isList(piece: SourceEntity | readonly SourceEntity[]): piece is readonly SourceEntity[] {
  return Array.isArray(piece);
}

/** What a member gives once a call has made it known. */
function known<T>(value: T | undefined, name: string, call: string): T {
  if (value === undefined) throw new Error(`${name} is not known before ${call}`);
  return value;
}
