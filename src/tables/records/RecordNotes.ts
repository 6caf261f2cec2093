/** What a pass over records found of one kind. */
export interface RecordNote {
  count: number;
  /** Where the first one is: a line or the number of a record. */
  readonly first: number;
}

/** Counts what is odd in a source, kind by kind, so that each is reported once. */
export class RecordNotes<Kind extends string> {
  private readonly _notes = new Map<Kind, RecordNote>();

  /** Takes note of one or several. */
  public add(kind: Kind, place: number, count = 1): void {
    const note = this._notes.get(kind);
    if (note === undefined) this._notes.set(kind, { count, first: place });
    else note.count += count;
  }

  /** Reports each kind that was found. */
  public report(take: (kind: Kind, note: RecordNote) => void): void {
    for (const [kind, note] of this._notes) take(kind, note);
  }
}
