import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { SpatialCategory } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import {
  StreamConnector,
  type ConnectorJobDefArgs,
  type DefinitionsDescription,
  type ElementTree,
  type EntityContext,
  type EntityRelationship,
  type SchemaDescription,
  type SourceDocument,
  type SourceEntity,
} from "itwin-connector-framework";
import { queryIds } from "itwin-connector-framework/internal";
import { GridFolder } from "itwin-connector-framework/places";
import { categoryOf, isShown, transparencyOf } from "./categories.js";
import { openSource, type OpenedSource } from "./container/openSource.js";
import { DetailsAhead } from "./DetailsAhead.js";
import { elementGeometryOf } from "./geometry/ElementGeometry.js";
import { GeometryParts } from "./geometry/GeometryParts.js";
import { hasText, LineStyles } from "./geometry/LineStyles.js";
import { ElementGuids } from "./identity/ElementGuids.js";
import { readOptions, type IfcOptions } from "./ifcOptions.js";
import type { EntityDetails, EntityRecord, PlacedMesh, RecordedReference, Survey } from "./model/records.js";
import type { FileTransform } from "./place/FileTransform.js";
import { placeDocument } from "./place/placeDocument.js";
import { readRecords } from "./readRecords.js";
import { IfcClasses } from "./schema/IfcClasses.js";
import { writeView } from "./view/writeView.js";
import { IfcThread } from "./worker/IfcThread.js";
import { meshThreads } from "./worker/meshThreads.js";

const packageJson = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  name: string;
  version: string;
};

/** The kind of all entities in provenance: a GlobalId is unique whatever the type, and an entity can change its type. */
const kind = "IfcRoot";

/** The name of the view and of what belongs to it. */
const viewName = "Building";

/** An open file, and the classes of its entities. */
interface OpenedFile {
  readonly options: IfcOptions;
  readonly thread: IfcThread;
  /** How many other threads mesh for it. */
  readonly threads: number;
  readonly survey: Survey;
  readonly classes: IfcClasses;
}

/** The definitions that the elements refer to. */
interface WrittenDefinitions {
  readonly parts: GeometryParts;
  readonly guids: ElementGuids;
  readonly lineStyles: LineStyles;
  /** The names of the categories that were in the iModel before the run. */
  readonly categoriesBefore: ReadonlySet<string>;
}

/** Brings the entities of an IFC file into an iModel, an element for each. */
export class IfcConnector extends StreamConnector {
  private _options?: IfcOptions;
  private _source?: OpenedSource;
  private _thread?: IfcThread;
  private _opened?: OpenedFile;
  private _written?: WrittenDefinitions;
  /** How the coordinates of the file become those of the iModel; undefined where they are the same. */
  private _toIModel?: FileTransform;

  public override getApplicationId(): string {
    return packageJson.name;
  }

  public override getApplicationVersion(): string {
    return packageJson.version;
  }

  public override getConnectorName(): string {
    return "IFC";
  }

  public override initialize(params: ConnectorJobDefArgs): void {
    super.initialize(params);
    this._options = readOptions(params.argsJson);
  }

  /** Named after the file in a zip as well, where that is chosen: each is a document of its own. */
  public override getJobSubjectName(sourcePath: string): string {
    return `${super.getJobSubjectName(sourcePath)}${this._nameInZip}`;
  }

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    const document = await super.getDocument(sourcePath);
    return { ...document, id: `${document.id}${this._nameInZip}` };
  }

  protected override async openDocument(sourcePath: string): Promise<void> {
    const options = expectDefined(this._options);
    const { chordTolerance, circleSegments, schemaName } = options;
    this._source = await openSource(sourcePath, options.file);
    const threads = options.threads ?? meshThreads();
    const shape = { chordTolerance, circleSegments };
    const data = { path: this._source.path, options: shape, threads, isNew: !this._hasElements };
    const thread = new IfcThread(data, sourcePath, {
      onIssue: (issue) => this.synchronizer.statistics.report(issue),
      onProgress: (done, total) => this.reportProgress(done, total),
    });
    this._thread = thread; // it must end also when the survey fails
    const survey = await thread.ask("survey");
    for (const issue of survey.issues) this.synchronizer.statistics.report(issue);
    for (const report of survey.notImported) this.reportNotImported(report);
    const classes = new IfcClasses(this.synchronizer.imodel, schemaName, survey);
    this._opened = { options, thread, threads, survey, classes };
  }

  protected override getSchemas(): SchemaDescription[] {
    return [this._file.classes.description];
  }

  public override async importDefinitions(): Promise<void> {
    if (this._opened !== undefined)
      this._written = {
        parts: new GeometryParts(this.synchronizer, this.documentId, this.modelId("definition")),
        guids: new ElementGuids(
          this.synchronizer.imodel,
          basename(expectDefined(this.args.sourcePath)) + this._nameInZip,
        ),
        lineStyles: new LineStyles(this.synchronizer.imodel),
        categoriesBefore: new Set(this._categoryIds().keys()),
      };
    await super.importDefinitions();
  }

  protected override getDefinitions(): DefinitionsDescription {
    if (this._opened === undefined) return {};
    return { categories: this._categoryNames.map(categoryOf), modelNames: { physical: "Building" } };
  }

  protected override async writeDefinitions(): Promise<void> {
    const { imodel, statistics } = this.synchronizer;
    const { thread, options } = this._file;
    const { sourcePath: path, grids } = this.args;
    this._toIModel = placeDocument(imodel, {
      path: expectDefined(path),
      references: await thread.ask("place"),
      options: { ...options, ...(grids !== undefined && { grids: new GridFolder(grids) }) },
      report: (key, message) => statistics.report({ code: `places/${key}`, message }),
    });
  }

  public override async updateExistingData(): Promise<void> {
    await super.updateExistingData();
    if (this._opened === undefined) return;
    const issues = await this._opened.thread.ask("finish");
    for (const issue of [...issues, ...this._writtenDefinitions.guids.issues])
      this.synchronizer.statistics.report(issue);
    this._writeView();
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    const { thread, survey, threads } = this._file;
    const { entities } = survey;
    const isNew = (record: EntityRecord) => this._isNew(record);
    let done = 0;
    for await (const records of readRecords({ thread, entities, threads, isNew })) {
      const details = new DetailsAhead(records, thread, isNew);
      for (const record of records) {
        this.reportProgress(++done, entities);
        for (const key of record.sharedGeometry) this._writtenDefinitions.parts.keep(key);
        yield this._entityOf(record, details);
      }
    }
  }

  protected override async closeDocument(): Promise<void> {
    await this._thread?.end();
    this._thread = undefined;
    this._source?.close();
    this._source = undefined;
  }

  /** The methods that read the file run only after `openDocument`. */
  private get _file(): OpenedFile {
    return expectDefined(this._opened);
  }

  private get _nameInZip(): string {
    const file = this._options?.file;
    return file === undefined ? "" : `/${file}`;
  }

  private get _writtenDefinitions(): WrittenDefinitions {
    return expectDefined(this._written);
  }

  private get _categoryNames(): string[] {
    const shown = this._file.survey.classes.filter(
      (used) => used.isUsed && (used.kind === "physical" || used.kind === "spatial"),
    );
    return shown.map(({ name }) => name);
  }

  /** Whether the iModel has elements of the document. */
  private get _hasElements(): boolean {
    const ecsql = `SELECT ECInstanceId FROM bis.ExternalSourceAspect WHERE Scope.Id=${this.documentId} AND Kind=? LIMIT 1`;
    return queryIds(this.synchronizer.imodel, ecsql, [{ text: kind }]).length > 0;
  }

  private _isNew({ id }: EntityRecord): boolean {
    return this._elementIdOf(id) === undefined;
  }

  private _elementIdOf(id: string): Id64String | undefined {
    return this.synchronizer.findItem(this.documentId, kind, id)?.elementId;
  }

  private _entityOf(record: EntityRecord, details: DetailsAhead): SourceEntity {
    const { id, parent, references } = record;
    return {
      kind,
      id,
      checksum: this._placedChecksum(record),
      ...(parent !== undefined && { parent: { kind, id: parent } }),
      relationships: references.map((reference) => this._relationshipOf(reference)),
      location: { file: this.args.sourcePath, entity: id },
      toElement: async (context) => this._elementOf(record, await details.of(record), context),
    };
  }

  /** What is shown somewhere moves with the file. */
  private _placedChecksum({ kind: bisKind, checksum }: EntityRecord): string {
    const isPlaced = bisKind === "physical" || bisKind === "spatial";
    return isPlaced && this._toIModel !== undefined ? `${checksum} ${this._toIModel.key}` : checksum;
  }

  private _relationshipOf(reference: RecordedReference): EntityRelationship {
    const target = { kind, id: reference.target };
    if ("property" in reference) return { property: reference.property, className: reference.className, target };
    const { classes } = this._file;
    const { className, values } = reference;
    const properties = classes.linkProps(className, values);
    return { className: classes.fullName(className), target, ...(values.length > 0 && { properties }) };
  }

  private async _elementOf(record: EntityRecord, details: EntityDetails, context: EntityContext): Promise<ElementTree> {
    const { className, id } = record;
    const federationGuid = this._writtenDefinitions.guids.of(id, this._elementIdOf(id));
    const label = details.attributes.find((attribute) => attribute.label === "Name")?.value;
    const element = {
      classFullName: this._file.classes.fullName(className),
      ...(federationGuid !== undefined && { federationGuid }),
      ...(label !== undefined && { userLabel: String(label) }),
      ...this._file.classes.attributeProps(className, details.attributes),
      ...(await this._geometryOf(record, details, context)),
    };
    return { element, aspects: details.sets.map((set) => this._file.classes.aspectProps(set)) };
  }

  private async _geometryOf(
    { className, kind: bisKind }: EntityRecord,
    details: EntityDetails,
    context: EntityContext,
  ) {
    if (bisKind !== "physical" && bisKind !== "spatial") return {};
    const category = context.categoryId(className);
    const { parts, lineStyles } = this._writtenDefinitions;
    const style = {
      categoryId: category,
      transparency: transparencyOf(className),
      partIdOf: (key: string, mesh: PlacedMesh) => parts.idOf(key, mesh),
      subCategoryIdOf: (name: string) => lineStyles.subCategoryId(category, name, className),
      font: hasText(details) ? await lineStyles.fontId() : undefined,
    };
    return { category, ...elementGeometryOf(details, style, this._toIModel) };
  }

  private _writeView(): void {
    const { imodel } = this.synchronizer;
    const categoryIds = this._categoryIds();
    const { categoriesBefore } = this._writtenDefinitions;
    const ids = (names: readonly string[]) => names.map((name) => expectDefined(categoryIds.get(name)));
    const shown = this._categoryNames.filter(isShown);
    writeView(imodel, {
      name: viewName,
      definitionModelId: this.modelId("definition"),
      modelId: this.modelId("physical"),
      categoryIds: ids(shown),
      newCategoryIds: ids(shown.filter((name) => !categoriesBefore.has(name))),
    });
  }

  /** The categories that are in the iModel, by name. */
  private _categoryIds(): Map<string, Id64String> {
    const modelId = this.modelId("definition");
    const ids = this._categoryNames.map(
      (name) => [name, SpatialCategory.queryCategoryIdByName(this.synchronizer.imodel, modelId, name)] as const,
    );
    return new Map(ids.filter((entry): entry is [string, Id64String] => entry[1] !== undefined));
  }
}
