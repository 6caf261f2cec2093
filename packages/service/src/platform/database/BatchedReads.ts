import DataLoader from "dataloader";

/**
 * Reads rows by id, many at a time: the ids that are asked for during a query go into the next one. Each caller gets a row
 * that was read after it asked, as with a query of its own; and a thousand callers that poll cost a few queries.
 */
export class BatchedReads<Row> {
  private readonly _loader: DataLoader<string, Row | undefined>;
  private _reading: Promise<unknown> = Promise.resolve();

  /** @param _read - reads the rows with some ids */
  public constructor(private readonly _read: (ids: string[]) => Promise<Map<string, Row>>) {
    this._loader = new DataLoader((ids) => this._load(ids), {
      maxBatchSize: 1000, // a statement has a parameter for each
      cache: false, // a later caller gets a newer row
      // Requests that arrived together are handled one after the other; all of them ask before the query begins.
      batchScheduleFn: (dispatch) => void this._reading.then(() => setImmediate(dispatch)),
    });
  }

  /** The row with an id. */
  public async get(id: string): Promise<Row | undefined> {
    return this._loader.load(id);
  }

  private async _load(ids: readonly string[]): Promise<(Row | undefined)[]> {
    const reading = this._read([...new Set(ids)]);
    this._reading = reading.catch(() => {}); // its callers hear of it
    const rows = await reading;
    return ids.map((id) => rows.get(id));
  }
}
