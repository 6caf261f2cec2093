import type { EntityDetails, EntityRecord } from "./model/records.js";
import type { IfcThread } from "./worker/IfcThread.js";

/** So many entities are asked for ahead: enough that neither thread waits, and few enough that memory stays small. */
const ahead = 16;

/**
 * Asks for the details of entities before they are needed, so that web-ifc makes the next meshes while an element is
 * written. Only those of new entities are sure to be needed.
 */
export class DetailsAhead {
  private readonly _asked = new Map<EntityRecord, Promise<EntityDetails>>();
  private _next = 0;

  public constructor(
    private readonly _records: readonly EntityRecord[],
    private readonly _thread: IfcThread,
    private readonly _isNew: (record: EntityRecord) => boolean,
  ) {}

  /** The details of an entity. */
  public async of(record: EntityRecord): Promise<EntityDetails> {
    this._askAhead(record);
    const details = this._asked.get(record) ?? this._thread.ask("details", record.instance);
    this._asked.delete(record);
    return details;
  }

  private _askAhead(record: EntityRecord): void {
    this._next = Math.max(this._next, this._records.indexOf(record, Math.max(0, this._next - ahead - 1)));
    for (let next = this._records[this._next]; next !== undefined; next = this._records[++this._next]) {
      if (this._asked.size >= ahead) return;
      if (next !== record && !this._isNew(next)) continue;
      const details = this._thread.ask("details", next.instance);
      details.catch(() => undefined); // whoever waits for it is told
      this._asked.set(next, details);
    }
  }
}
