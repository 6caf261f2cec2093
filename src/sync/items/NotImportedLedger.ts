/**
 * Something of the source that was not imported, with how often it occurred.
 * @public
 */
export interface NotImported {
  /** What it is, such as the name of a class or of a kind of object: `IfcRelSpaceBoundary`. */
  what: string;
  /** Why it was not imported: a few words without a full stop, such as `relationships of this class are not supported`. */
  reason: string;
  /** The first one: its identifier, or where it is in the source. */
  example: string;
  /** How many there are. */
  count: number;
  /**
   * Whether a reader of the source would miss it. Default: true. What is no loss, such as a point that nothing refers to, does
   * not fail a strict run.
   */
  isLoss?: boolean;
}

/** So many combinations of what and reason are listed; the others are only counted. */
const listedEntries = 1000;
/** So much of each text is kept, in characters. */
const keptLength = 200;

/**
 * Sums up what was not imported, by what it is and why. Memory is bounded, and a report of something that is known costs
 * two lookups, so that it can be reported a million times.
 */
export class NotImportedLedger {
  private readonly _entries = new Map<string, Map<string, NotImported>>();
  private _size = 0;
  private _unlisted = 0;

  /** How many things were not imported, beside those in {@link NotImportedLedger.entries}. */
  public get unlisted(): number {
    return this._unlisted;
  }

  /** What was not imported: losses first, and of both the most frequent first. */
  public get entries(): NotImported[] {
    const entries = [...this._entries.values()].flatMap((reasons) => [...reasons.values()]);
    return entries.map((entry) => ({ ...entry })).sort(compare);
  }

  /** Adds to the count of something. The first example stays. */
  public add({ what, reason, example, count, isLoss = true }: NotImported): void {
    const [whatKey, reasonKey] = [shorten(what), shorten(reason)];
    const known = this._entries.get(whatKey)?.get(reasonKey);
    if (known !== undefined) known.count += count;
    else if (this._size < listedEntries)
      this._list(whatKey, reasonKey, {
        what: tidy(what),
        reason: tidy(reason),
        example: tidy(example),
        count,
        ...(!isLoss && { isLoss }),
      });
    else this._unlisted += count;
  }

  /** Adds things that are only counted. */
  public addUnlisted(count: number): void {
    this._unlisted += count;
  }

  private _list(whatKey: string, reasonKey: string, entry: NotImported): void {
    let reasons = this._entries.get(whatKey);
    if (reasons === undefined) this._entries.set(whatKey, (reasons = new Map<string, NotImported>()));
    reasons.set(reasonKey, entry);
    this._size++;
  }
}

function compare(left: NotImported, right: NotImported): number {
  return Number(left.isLoss === false) - Number(right.isLoss === false) || right.count - left.count;
}

/** Texts of a source may hold line breaks, and each entry is shown in one line. */
function tidy(text: string): string {
  return shorten(text.replaceAll(/\s+/g, " ").trim());
}

function shorten(text: string): string {
  return text.length <= keptLength ? text : `${text.slice(0, keptLength - 1)}…`;
}
