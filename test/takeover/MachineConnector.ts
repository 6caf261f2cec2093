import { readFileSync } from "node:fs";
import {
  DefinitionModel,
  DefinitionPartition,
  GenericSchema,
  PhysicalModel,
  PhysicalPartition,
  SpatialCategory,
  type Element,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel } from "@itwin/core-common";
import {
  ITwinConnector,
  ItemState,
  type ConnectorJobDefArgs,
  type SynchronizationResults,
} from "itwin-connector-framework";
import { boltOf, checksumOf, codeOf, type Bolt, type Machine, type ScopeChoice } from "./OtherIModel.js";

/** What the tests tell the connector to do, as `argsJson`. */
export interface MachineOptions {
  name?: string;
  /** What the document is recorded as. Default: the path. */
  documentId?: string;
  scope?: ScopeChoice;
  severalFiles?: boolean;
  /** Appended to the job's name. */
  job?: string;
}

/** A source of machines. */
export interface MachineSource {
  version: string;
  machines: Machine[];
}

/** A connector as one is written for either framework: it finds its models by their codes. */
export default class MachineConnector extends ITwinConnector {
  private _options: MachineOptions = {};
  private _source!: MachineSource;
  private _document!: SynchronizationResults;

  public getApplicationId = (): string => "machines";
  public getApplicationVersion = (): string => "1.0.0";
  public getConnectorName = (): string => this._options.name ?? "Machines";
  public override supportsMultipleFilesPerChannel = (): boolean => this._options.severalFiles ?? false;

  public override getJobSubjectName(sourcePath: string): string {
    return this._options.job ?? super.getJobSubjectName(sourcePath);
  }

  public initialize({ argsJson }: ConnectorJobDefArgs): void {
    this._options = (argsJson as MachineOptions | undefined) ?? {};
  }

  public async openSourceData(path: string): Promise<void> {
    this._source = JSON.parse(readFileSync(path, "utf8")) as MachineSource;
    const item = { id: this._options.documentId ?? path, version: this._source.version };
    this._document = this.synchronizer.recordDocument(IModel.rootSubjectId, item);
  }

  public async importDomainSchema(): Promise<void> {
    await this._imodel.importSchemas([GenericSchema.schemaFilePath]);
  }

  public async importDynamicSchema(): Promise<void> {}

  public async initializeJob(): Promise<void> {
    PhysicalModel.insert(this._imodel, this.jobSubject.id, "Machines");
    const definitions = DefinitionModel.insert(this._imodel, this.jobSubject.id, "Definitions");
    SpatialCategory.insert(this._imodel, definitions, "Machine", {});
  }

  public async importDefinitions(): Promise<void> {}

  public async updateExistingData(): Promise<void> {
    if (this._document.itemState === ItemState.Unchanged) return;
    for (const machine of this._source.machines) this._process(machine);
  }

  private _process(machine: Machine): void {
    const { id, kind = "Machine", bolts } = machine;
    const item = { id, checksum: checksumOf(machine) };
    const { state } = this.synchronizer.detectChanges(this._scope, kind, item);
    if (state === ItemState.Unchanged) return;
    const results = { element: this._make(id), itemState: state, childElements: this._parts(bolts, state) };
    this.synchronizer.updateIModel(results, this._scope, item, kind);
  }

  private _parts(parts: readonly Bolt[], itemState: ItemState): SynchronizationResults[] {
    return parts.map((part) => {
      const { label, code, guid, nuts } = boltOf(part);
      const childElements = nuts && this._parts(nuts, itemState);
      return { element: this._make(label, code, guid), itemState, ...(childElements && { childElements }) };
    });
  }

  private _make(userLabel: string, code?: string, federationGuid?: string): Element {
    const props = {
      classFullName: "Generic:PhysicalObject",
      model: this._model,
      category: this._category,
      code: code === undefined ? Code.createEmpty() : codeOf(this._model, code),
      userLabel,
      federationGuid,
    };
    return this._imodel.constructEntity<Element>(props);
  }

  private get _imodel() {
    return this.synchronizer.imodel;
  }

  private get _scope(): Id64String {
    const scopes = { link: this._document.element.id, partition: this._model, subject: this.jobSubject.id };
    return scopes[this._options.scope ?? "link"];
  }

  private get _model(): Id64String {
    const code = PhysicalPartition.createCode(this._imodel, this.jobSubject.id, "Machines");
    return this._imodel.elements.queryElementIdByCode(code)!;
  }

  private get _category(): Id64String {
    const code = DefinitionPartition.createCode(this._imodel, this.jobSubject.id, "Definitions");
    const model = this._imodel.elements.queryElementIdByCode(code)!;
    return SpatialCategory.queryCategoryIdByName(this._imodel, model, "Machine")!;
  }
}
