import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  insertExternalSourceAspect,
  reassignExternalSourceAspect,
  updateExternalSourceAspect,
} from "../../imodel/native.js";
import { formatAspectJson, readAspectJson, updateAspectJson } from "./aspectJson.js";
import type { ItemVersion } from "../items/SourceItem.js";
import type { ProvenanceIndex } from "./ProvenanceIndex.js";
import type { ItemKey } from "./provenanceQueries.js";
import type { AdoptedPart } from "./sharedKeys.js";
import { ProvenanceRecord } from "./ProvenanceRecord.js";

/** What is recorded of an item that was written. */
export interface WrittenState extends ItemVersion {
  /** Whether the source gives the federation GUID of its element. */
  givesGuid?: boolean;
  /** What a `StreamConnector` makes for the item beside its element. */
  references?: unknown;
}

/** Writes ExternalSourceAspects, and keeps the index in step with them. */
export class ProvenanceWriter {
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _index: ProvenanceIndex,
    private readonly _beforeWrite: () => void = () => {},
  ) {}

  /** Records on an element which item it stands for. */
  public insert(
    elementId: Id64String,
    scopeId: Id64String,
    key: ItemKey,
    { sourceId, version, checksum, givesGuid, references }: WrittenState & { sourceId?: Id64String } = {},
  ): ProvenanceRecord {
    this._beforeWrite();
    const aspectId = insertExternalSourceAspect(this._imodel, elementId, {
      scope: { id: scopeId, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" },
      source: sourceId === undefined ? undefined : { id: sourceId, relClassName: "BisCore.ElementIsFromSource" },
      kind: key.kind,
      identifier: key.identifier,
      version,
      checksum,
      jsonProperties: formatAspectJson({ federationGuid: givesGuid ? "given" : undefined, references }),
    });
    const record = new ProvenanceRecord(aspectId, elementId, version, checksum);
    record.seen = record;
    this._index.add(scopeId, key, record);
    return record;
  }

  /** Brings the version and the checksum of a known item up to date. That it was written is known if `givesGuid` is. */
  public update(record: ProvenanceRecord, { version, checksum, givesGuid }: WrittenState): void {
    record.version = version;
    record.checksum = checksum;
    record.seen = record;
    this._beforeWrite();
    updateExternalSourceAspect(this._imodel, record.aspectId, { version, checksum });
    if (givesGuid !== undefined) this.noteGuid(record, givesGuid);
  }

  /** Records whether the source gives the federation GUID of a known item or part that was written again. */
  public noteGuid({ aspectId }: ProvenanceRecord, givesGuid: boolean): void {
    const { federationGuid: known } = readAspectJson(this._imodel, aspectId);
    const federationGuid = givesGuid ? "given" : known && "kept";
    if (federationGuid !== known) updateAspectJson(this._imodel, aspectId, { federationGuid });
  }

  /** Marks a part that another framework has left as ours do it, and so all parts below it. */
  public adoptPart(part: AdoptedPart, identifier = part.identifier): void {
    const { parentId: scopeId, kind, record } = part;
    for (const below of this._index.adoptedPartsOf(record.elementId)) this.adoptPart(below);
    this._beforeWrite();
    const noState = { sourceId: undefined, version: undefined, checksum: undefined };
    reassignExternalSourceAspect(this._imodel, record.aspectId, { scopeId, kind, identifier, ...noState });
    this._index.adoptPart(part, identifier);
  }

  /** Records which ExternalSource a known item came from. */
  public assignSource(record: ProvenanceRecord, sourceId: Id64String): void {
    reassignExternalSourceAspect(this._imodel, record.aspectId, { sourceId });
  }

  /** Makes a known item known under another kind and identifier. */
  public rename(scopeId: Id64String, former: ItemKey, record: ProvenanceRecord, key: ItemKey): void {
    const { kind, identifier } = key;
    this._index.rename(scopeId, former, record, key);
    reassignExternalSourceAspect(this._imodel, record.aspectId, { kind, identifier });
  }
}
