import { RecordFault } from "./RecordFault.js";

/** A list or an object that is open. */
interface Level {
  isList: boolean;
  /** In an object: the key that came last. */
  key: string;
  holdsRecords?: boolean;
  holdsOthers?: boolean;
}

/** So deep can lists and objects be nested. */
export const deepestNesting = 100;

/**
 * Follows a parser through the lists and objects around the records: tells where a record begins, and which table it
 * belongs to.
 * @internal
 */
export class RecordPath {
  private readonly _levels: Level[] = [];

  /** @param _hasLines - whether records stand on their own, and not only in lists */
  public constructor(private readonly _hasLines: boolean) {}

  /** Whether an object that opens here is a record. */
  public get isRecordPlace(): boolean {
    return this._levels.at(-1)?.isList ?? this._hasLines;
  }

  /**
   * A record begins.
   * @returns the table that it belongs to: the keys on the way to it, with points between
   */
  public beginRecord(): string {
    this._mark("holdsRecords");
    return this.keys;
  }

  /** The keys on the way to what is read, with points between. */
  public get keys(): string {
    return this._levels
      .filter(({ isList }) => !isList)
      .map(({ key }) => key)
      .join(".");
  }

  /** Whether a value that stands here is an item of a list. */
  public get isInList(): boolean {
    return this._levels.at(-1)?.isList ?? false;
  }

  /** A list or an object opens that is not a record. */
  public open(isList: boolean): void {
    this._mark("holdsOthers");
    this._levels.push({ isList, key: "" });
    checkDepth(this._levels.length);
  }

  /** The last one that was opened closes. */
  public close(): void {
    this._levels.pop();
  }

  /** A text: the key of what follows, or a value. */
  public text(text: string): void {
    const level = this._levels.at(-1);
    if (level?.isList) this.value();
    else if (level !== undefined) level.key = text;
  }

  /** A value that is no text. */
  public value(): void {
    this._mark("holdsOthers");
  }

  private _mark(what: "holdsRecords" | "holdsOthers"): void {
    const level = this._levels.at(-1);
    if (!level?.isList) return;
    level[what] = true;
    if (level.holdsRecords && level.holdsOthers)
      throw new RecordFault("mixed-list", "A list holds both records and other values.");
  }
}

/**
 * Refuses what no honest source does.
 * @throws RecordFault `too-deep`
 * @internal
 */
export function checkDepth(depth: number): void {
  if (depth > deepestNesting) throw new RecordFault("too-deep", `It is nested more than ${deepestNesting} deep.`);
}

/**
 * Refuses a record with fewer keys than were read: where a key comes twice, the later value has taken the place of the
 * earlier one.
 * @throws RecordFault `duplicate-key`
 * @internal
 */
export function checkKeys(record: object, keysRead: number): void {
  if (countKeys(record) < keysRead) throw new RecordFault("duplicate-key", "A key comes twice in one object.");
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner) => sum + countKeys(inner), own);
}
