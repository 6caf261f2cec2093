/**
 * Reads rows by id, many at a time: what is asked for while a query is under way goes into the next one. Each caller gets a
 * row that was read after it asked, so that nothing is older than with a query of its own; and a thousand callers that poll
 * cost a few queries.
 */
export class BatchedReads<Row> {
  private _waiting = new Map<string, Promise<Row | undefined>>();
  private _isReading = false;
  private _next?: Promise<Map<string, Row>>;
  private _begin?: () => void;

  /** @param _read - reads the rows with some ids */
  public constructor(private readonly _read: (ids: string[]) => Promise<Map<string, Row>>) {}

  /** The row with an id. */
  public async get(id: string): Promise<Row | undefined> {
    this._next ??= this._prepare();
    const rows = this._next;
    const row = this._waiting.get(id) ?? rows.then((found) => found.get(id));
    this._waiting.set(id, row);
    if (!this._isReading) this._start();
    return row;
  }

  private async _prepare(): Promise<Map<string, Row>> {
    await new Promise<void>((resolve) => (this._begin = resolve));
    const ids = [...this._waiting.keys()];
    this._waiting = new Map();
    this._next = undefined;
    this._isReading = true;
    try {
      return await this._read(ids);
    } finally {
      this._isReading = false;
      if (this._waiting.size > 0) this._start();
    }
  }

  private _start(): void {
    // Requests that arrived together are handled one after the other; let all of them ask first.
    setImmediate(() => {
      const begin = this._begin;
      this._begin = undefined;
      begin?.();
    });
  }
}
