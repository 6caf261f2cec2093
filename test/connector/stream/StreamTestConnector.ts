import { readFileSync } from "node:fs";
import { Code, IModel } from "@itwin/core-common";
import {
  ConnectorError,
  StreamConnector,
  type DefinitionsDescription,
  type EntityReference,
  type ErrorRecovery,
  type EntityRelationship,
  type NewAspectProps,
  type NotImportedReport,
  type SchemaDescription,
  type SourceDocument,
  type SourceEntity,
} from "itwin-connector-framework";

/** An entity of a test source. */
export interface TestEntity extends EntityReference {
  /** The class, of the schema Stream unless it names another one. Default: the kind. */
  type?: string;
  data?: Record<string, unknown>;
  parent?: EntityReference;
  relationships?: EntityRelationship[];
  version?: string;
  checksum?: string;
  /** What `toElement` throws; with `nothing` it returns undefined. */
  fails?: "skippable" | "fatal" | "plain" | "nothing";
  /** Whether it has no `data`. */
  stateless?: boolean;
  pieces?: string[];
  /** Within what the labels of the pieces are their codes as well, of the spec Tag. */
  pieceCodes?: "the root Subject" | "the physical model" | "the scope" | "the parent";
  /** The value of its code, of the spec Tag. */
  tag?: string;
  /** Notes that become aspects. */
  notes?: string[];
  /** More parts, after the pieces: their props beside a class that is Stream:Pump by default. */
  parts?: Record<string, unknown>[];
  /** More aspects. */
  aspects?: NewAspectProps[];
  /** Members of the entity as they are, whatever a connector in JavaScript may give. */
  raw?: Record<string, unknown>;
}

/** A source for {@link StreamTestConnector}. */
export interface TestSource {
  schema?: SchemaDescription;
  definitions?: DefinitionsDescription;
  document?: Partial<SourceDocument>;
  entities: TestEntity[];
  /** What the connector reports as not imported when it reads the entities. */
  leftOut?: NotImportedReport[];
  /** The member that throws. */
  failsIn?: "openDocument" | "writeDefinitions";
  /** Whether the run goes on after a value that the iModel cannot hold. */
  invalidValues?: ErrorRecovery;
  /** After so many entities the stream throws. */
  breaksAfter?: number;
}

/** The identifiers of the entities of which elements were made, since the test emptied it. */
export const made: string[] = [];

/** What the connector was called for. */
export const calls: string[] = [];

/** The schema of sources that have none of their own. */
export const defaultSchema: SchemaDescription = {
  name: "Stream",
  classes: [
    { name: "Pump", properties: [{ name: "flow", type: "double" }] },
    { name: "Port", navigations: [{ name: "pump", target: "Pump" }] },
    { name: "Group", baseClass: "BisCore:GroupInformationElement", properties: [{ name: "note", type: "string" }] },
    { name: "Note", baseClass: "BisCore:ElementMultiAspect", properties: [{ name: "text", type: "string" }] },
  ],
  links: [
    {
      name: "Feeds",
      source: "BisCore:PhysicalElement",
      target: "BisCore:PhysicalElement",
      properties: [{ name: "rate", type: "double" }],
    },
  ],
};

/** A connector whose source is a JSON file that says what to hand over. */
export default class StreamTestConnector extends StreamConnector {
  private _source!: TestSource;

  public override getApplicationId = (): string => "stream-test";
  public override getApplicationVersion = (): string => "1.0.0";
  public override getConnectorName = (): string => "Stream test";

  public override getJobSubjectName(sourcePath: string): string {
    const { jobName } = (this.args.argsJson ?? {}) as { jobName?: string };
    return jobName ?? super.getJobSubjectName(sourcePath);
  }

  public override supportsMultipleFilesPerChannel(): boolean {
    return (this.args.argsJson as { jobName?: string } | undefined)?.jobName !== undefined;
  }

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    calls.push("getDocument");
    this._source = JSON.parse(readFileSync(sourcePath, "utf8")) as TestSource;
    return { ...(await super.getDocument(sourcePath)), ...this._source.document };
  }

  protected override async openDocument(): Promise<void> {
    calls.push("openDocument");
    this._failIn("openDocument");
  }

  protected override getSchemas(): SchemaDescription[] {
    return [this._source.schema ?? defaultSchema];
  }

  protected override getDefinitions(): DefinitionsDescription {
    return this._source.definitions ?? { categories: [{ name: "Equipment", color: "steelblue" }] };
  }

  protected override async writeDefinitions(): Promise<void> {
    this._failIn("writeDefinitions");
  }

  protected override async closeDocument(): Promise<void> {
    calls.push("closeDocument");
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    for (const report of this._source.leftOut ?? []) this.reportNotImported(report);
    for (const [index, entity] of this._source.entities.entries()) {
      if (index === this._source.breaksAfter) throw new ConnectorError("test/broken", "The source breaks off.");
      yield this._entityOf(entity);
    }
  }

  protected override getInvalidValuePolicy(): ErrorRecovery {
    return this._source.invalidValues ?? super.getInvalidValuePolicy();
  }

  private _pieceScope({ pieceCodes, kind, id }: TestEntity): string | undefined {
    if (pieceCodes === "the physical model") return this.modelId("physical");
    const [scopeKind, scopeId] = pieceCodes === "the parent" ? [kind, id] : ["Pump", "scope"];
    return pieceCodes === "the root Subject"
      ? undefined
      : this.synchronizer.findItem(this.documentId, scopeKind, scopeId)?.elementId;
  }

  private _failIn(member: TestSource["failsIn"]): void {
    if (this._source.failsIn === member) throw new ConnectorError("test/broken", `It fails in ${member}.`);
  }

  private _entityOf(given: TestEntity): SourceEntity {
    const { type, data = {}, fails, stateless, pieces, pieceCodes, notes, tag, ...rest } = given;
    const { parts, aspects: others, raw, ...entity } = rest;
    const scoped = <T extends EntityReference>(reference: T): T => {
      if (reference.scope === "the physical model") return { ...reference, scope: this.modelId("physical") };
      if (reference.scope !== "the scope") return reference;
      return { ...reference, scope: this.synchronizer.findItem(this.documentId, "Pump", "scope")?.elementId };
    };
    return {
      ...scoped(entity),
      parent: entity.parent && scoped(entity.parent),
      relationships: entity.relationships?.map((related) => ({ ...related, target: scoped(related.target) })),
      data: stateless ? undefined : [type, data, fails, pieces, pieceCodes, notes, tag, parts, others],
      record: data,
      location: { file: "source.json", line: 1 + this._source.entities.findIndex(({ id }) => id === entity.id) },
      toElement: ({ codeSpecId }) => {
        made.push(entity.id);
        if (fails === "nothing") return undefined as never;
        if (fails === "plain") throw new TypeError("no such thing");
        if (fails !== undefined) throw new ConnectorError("test/bad", "It is bad.", { recovery: fails });
        const classFullName = type?.includes(":") ? type : `Stream:${type ?? entity.kind}`;
        const codeOf = (value: string) =>
          new Code({ spec: codeSpecId("Tag"), scope: this._pieceScope(given) ?? IModel.rootSubjectId, value });
        const coded = pieces?.map((userLabel) => ({ userLabel, ...(pieceCodes && { code: codeOf(userLabel) }) }));
        const code =
          tag === undefined
            ? {}
            : { code: new Code({ spec: codeSpecId("Tag"), scope: IModel.rootSubjectId, value: tag }) };
        return {
          element: { classFullName, userLabel: entity.id, ...code, ...data },
          ...partsOf(coded, parts),
          ...aspectsOf(notes, others),
        };
      },
      ...raw,
    };
  }
}

function partsOf(pieces: object[] | undefined, others: Record<string, unknown>[] | undefined) {
  if (pieces === undefined && others === undefined) return {};
  return {
    childElements: [...(pieces ?? []), ...(others ?? [])].map((part) => ({
      element: { classFullName: "Stream:Pump", ...part },
    })),
  };
}

function aspectsOf(notes: string[] | undefined, others: NewAspectProps[] | undefined) {
  if (notes === undefined && others === undefined) return {};
  return { aspects: [...(notes ?? []).map((text) => ({ classFullName: "Stream:Note", text })), ...(others ?? [])] };
}
