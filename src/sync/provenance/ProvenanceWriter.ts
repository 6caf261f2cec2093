import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { insertExternalSourceAspect, updateExternalSourceAspect } from "../../imodel/native.js";
import type { ItemVersion } from "../items/SourceItem.js";
import type { ProvenanceIndex } from "./ProvenanceIndex.js";
import type { ItemKey } from "./provenanceQueries.js";
import { ProvenanceRecord } from "./ProvenanceRecord.js";

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
    state: ItemVersion & { sourceId?: Id64String } = {},
  ): ProvenanceRecord {
    const { sourceId, version, checksum } = state;
    this._beforeWrite();
    const aspectId = insertExternalSourceAspect(this._imodel, elementId, {
      scope: { id: scopeId, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" },
      source: sourceId === undefined ? undefined : { id: sourceId, relClassName: "BisCore.ElementIsFromSource" },
      kind: key.kind,
      identifier: key.identifier,
      version,
      checksum,
    });
    const record = new ProvenanceRecord(aspectId, elementId, version, checksum);
    record.seen = record;
    this._index.add(scopeId, key, record);
    return record;
  }

  /** Brings the version and the checksum of a known item up to date. */
  public update(record: ProvenanceRecord, { version, checksum }: ItemVersion): void {
    record.version = version;
    record.checksum = checksum;
    record.seen = record;
    this._beforeWrite();
    updateExternalSourceAspect(this._imodel, record.aspectId, { version, checksum });
  }

  /** Makes a known item known under another identifier. */
  public rename(scopeId: Id64String, key: ItemKey, record: ProvenanceRecord, identifier: string): void {
    this._index.rename(scopeId, key, record, identifier);
    updateExternalSourceAspect(this._imodel, record.aspectId, { identifier });
  }
}
