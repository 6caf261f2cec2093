import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import {
  DefinitionModel,
  DefinitionPartition,
  GenericSchema,
  Group,
  GroupInformationPartition,
  GroupModel,
  PhysicalModel,
  PhysicalPartition,
  SpatialCategory,
  type Element,
} from "@itwin/core-backend";
import { BentleyStatus, type Id64String } from "@itwin/core-bentley";
import {
  Code,
  CodeScopeSpec,
  GeometryStreamBuilder,
  IModel,
  type CategoryProps,
  type GeometricElement3dProps,
  type GeometryStreamProps,
} from "@itwin/core-common";
import { Box, Point3d, Range3d } from "@itwin/core-geometry";
import {
  ITwinConnector,
  ItemState,
  type ConnectorJobDefArgs,
  type RunPhase,
  type SourceItem,
  type SynchronizationResults,
} from "itwin-connector-framework";
import { readKit, type KitGroup, type KitPart, type KitPiece, type KitSource } from "./kitSource.js";

/** What the tests tell the connector to do, as `argsJson`. */
export interface KitOptions {
  /** Whether a run may meet only some of the files. */
  severalFiles?: boolean;
  /** Files to be left out of this run. */
  leaveOut?: string[];
  /** The phase in which to throw. */
  failIn?: RunPhase;
  /** Whether unchanged files are read all the same. */
  readUnchanged?: boolean;
  /** Appended to the job's name, for two jobs with one source. */
  job?: string;
  /** Whether `onOpenIModel` refuses. */
  refuse?: boolean;
  /** Whether to change the label of the root Subject, which belongs to no job. */
  touchForeign?: boolean;
  /** The channel of the job. */
  channel?: string;
  /** The version of the connector. */
  version?: string;
  /** Parts whose codes change places at the end, written by the connector itself. */
  swap?: [id: string, other: string];
}

interface KitFile {
  path: string;
  source: KitSource;
  scopeId: Id64String;
  state: ItemState;
}

const schema = `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="Kit" alias="kit" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
  <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
  <ECEntityClass typeName="Block">
    <BaseClass>bis:PhysicalElement</BaseClass>
    <ECProperty propertyName="Material" typeName="string"/>
  </ECEntityClass>
  <ECEntityClass typeName="Rod">
    <BaseClass>bis:PhysicalElement</BaseClass>
    <ECProperty propertyName="Material" typeName="string"/>
  </ECEntityClass>
</ECSchema>`;

const codeSpecName = "Kit:Part";

/** A connector that uses every member of the framework, for tests. */
export default class KitConnector extends ITwinConnector {
  private _options: KitOptions = {};
  private _path = "";
  private _files: KitFile[] = [];

  public getApplicationId(): string {
    return "kit";
  }

  public getApplicationVersion(): string {
    return this._options.version ?? "1.0.0";
  }

  public getConnectorName(): string {
    return "Kit";
  }

  public override getChannelKey(): string {
    return this._options.channel ?? "shared";
  }

  public override getDataChangesDescription(): string {
    return "Kit of parts";
  }

  public override getJobSubjectName(sourcePath: string): string {
    return super.getJobSubjectName(sourcePath) + (this._options.job ?? "");
  }

  public override supportsMultipleFilesPerChannel(): boolean {
    return this._options.severalFiles ?? false;
  }

  public initialize(params: ConnectorJobDefArgs): void {
    this._options = (params.argsJson as KitOptions | undefined) ?? {};
    this._failIn("initialize");
  }

  public async openSourceData(sourcePath: string): Promise<void> {
    this._path = sourcePath;
    this._failIn("source");
  }

  public override async onOpenIModel(): Promise<BentleyStatus> {
    return this._options.refuse ? BentleyStatus.ERROR : super.onOpenIModel();
  }

  public async importDomainSchema(): Promise<void> {
    await this._imodel.importSchemas([GenericSchema.schemaFilePath]);
  }

  public async importDynamicSchema(): Promise<void> {
    if (this._imodel.querySchemaVersion("Kit") === undefined) await this._imodel.importSchemaStrings([schema]);
    this._failIn("schemas");
  }

  public async initializeJob(): Promise<void> {
    PhysicalModel.insert(this._imodel, this.jobSubject.id, "Parts");
    GroupModel.insert(this._imodel, this.jobSubject.id, "Groups");
    DefinitionModel.insert(this._imodel, this.jobSubject.id, "Definitions");
    this._failIn("job");
  }

  public async importDefinitions(): Promise<void> {
    if (!this._imodel.codeSpecs.hasName(codeSpecName))
      this._imodel.codeSpecs.insert(codeSpecName, CodeScopeSpec.Type.Model);
    if (this._options.touchForeign)
      this._imodel.elements.updateElement({ id: IModel.rootSubjectId, userLabel: "touched" });
    this._recordFiles();
    for (const file of this._files) for (const name of file.source.categories ?? []) this._syncCategory(file, name);
    this._failIn("definitions");
  }

  public async updateExistingData(): Promise<void> {
    for (const [index, file] of this._files.entries()) {
      if (file.state === ItemState.Unchanged && !this._options.readUnchanged) continue;
      for (const group of file.source.groups ?? []) this._syncGroup(file, group);
      for (const part of file.source.parts ?? []) this._syncPart(file, part);
      this.reportProgress(index + 1, this._files.length);
    }
    if (this._options.swap !== undefined) this._swap(this._options.swap);
    this._failIn("data");
  }

  private _swap(ids: [string, string]): void {
    const { elements } = this._imodel;
    const [file] = this._files;
    const known = ids.map((id) => this.synchronizer.findItem(file!.scopeId, "Part", id)!.elementId);
    const [a, b] = known.map((id) => elements.getElementProps(id));
    elements.updateElement({ id: a!.id!, code: Code.createEmpty() });
    elements.updateElement({ id: b!.id!, code: a!.code });
    elements.updateElement({ id: a!.id!, code: b!.code });
  }

  private get _imodel() {
    return this.synchronizer.imodel;
  }

  private _failIn(phase: RunPhase): void {
    if (this._options.failIn === phase) throw new Error(`told to fail in ${phase}`);
  }

  private _recordFiles(): void {
    const read = (path: string, scope: Id64String) => {
      const source = readKit(path);
      const item = { id: path, checksum: hash(source) };
      const { element, itemState } = this.synchronizer.recordDocument(scope, item);
      this._files.push({ path, source, scopeId: element.id, state: itemState });
      const references = (source.references ?? []).filter((name) => !this._options.leaveOut?.includes(basename(name)));
      for (const name of references) read(join(dirname(path), name), element.id);
    };
    read(this._path, IModel.rootSubjectId);
  }

  private _syncCategory(file: KitFile, name: string): void {
    const model = this._modelOf(DefinitionPartition, "Definitions");
    const props: CategoryProps = {
      classFullName: SpatialCategory.classFullName,
      model,
      code: SpatialCategory.createCode(this._imodel, model, name),
    };
    this._sync(file.scopeId, "Category", { id: name, checksum: name }, () => ({ element: this._construct(props) }));
  }

  private _syncGroup(file: KitFile, group: KitGroup): void {
    const props = {
      classFullName: Group.classFullName,
      model: this._modelOf(GroupInformationPartition, "Groups"),
      code: Code.createEmpty(),
      userLabel: group.label,
    };
    this._sync(file.scopeId, "Group", { id: group.id, checksum: () => hash(group) }, () => ({
      element: this._construct(props),
    }));
  }

  private _syncPart(file: KitFile, part: KitPart): void {
    const { version, ...content } = part;
    this._sync(file.scopeId, "Part", { id: part.id, version, checksum: () => hash(content) }, (itemState) => ({
      element: this._construct(this._partProps(part)),
      childElements: part.pieces?.map((piece) => ({
        element: this._construct(this._pieceProps(piece)),
        itemState,
      })),
    }));
  }

  private _sync(
    scope: Id64String,
    kind: string,
    item: SourceItem,
    make: (itemState: ItemState) => Omit<SynchronizationResults, "itemState">,
  ): void {
    const { state } = this.synchronizer.detectChanges(scope, kind, item);
    if (state === ItemState.Unchanged) return;
    this.synchronizer.updateIModel({ ...make(state), itemState: state }, scope, item, kind);
  }

  private _partProps(part: KitPart): GeometricElement3dProps {
    return {
      ...this._pieceProps(part),
      userLabel: part.id,
      federationGuid: part.guid,
      geom: part.size === undefined ? undefined : boxGeometry(part.size),
      placement: part.size === undefined ? undefined : { origin: [0, 0, 0], angles: {} },
    };
  }

  private _pieceProps(piece: KitPiece & { category?: string }): GeometricElement3dProps & { material?: string } {
    const model = this._modelOf(PhysicalPartition, "Parts");
    return {
      classFullName: `Kit:${piece.type ?? "Block"}`,
      model,
      category: this._categoryId(piece.category ?? this._firstCategory),
      code:
        piece.code === undefined
          ? Code.createEmpty()
          : new Code({ spec: this._imodel.codeSpecs.getByName(codeSpecName).id, scope: model, value: piece.code }),
      material: piece.material,
    };
  }

  private get _firstCategory(): string {
    return this._files.flatMap((file) => file.source.categories ?? [])[0]!;
  }

  private _categoryId(name: string): Id64String {
    const model = this._modelOf(DefinitionPartition, "Definitions");
    return this._imodel.elements.queryElementIdByCode(SpatialCategory.createCode(this._imodel, model, name))!;
  }

  private _modelOf(partition: typeof PhysicalPartition | typeof GroupInformationPartition, name: string): Id64String {
    return this._imodel.elements.queryElementIdByCode(partition.createCode(this._imodel, this.jobSubject.id, name))!;
  }

  private _construct(props: Parameters<typeof this._imodel.constructEntity>[0]): Element {
    return this._imodel.constructEntity<Element>(props);
  }
}

function hash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("base64url");
}

function boxGeometry(size: number): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  const range = Range3d.create(Point3d.create(0, 0, 0), Point3d.create(size, size, size));
  builder.appendGeometry(Box.createRange(range, true)!);
  return builder.geometryStream;
}
