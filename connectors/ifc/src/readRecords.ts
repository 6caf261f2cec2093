import type { EntityRecord } from "./model/records.js";
import { batchesFor } from "./worker/batchesFor.js";
import type { IfcThread } from "./worker/IfcThread.js";

/** So many entities are asked for at a time. */
const batchSize = 500;

/** What records are asked from. */
export interface RecordSource {
  readonly thread: IfcThread;
  /** How many entities there are. */
  readonly entities: number;
  /** How many threads mesh. */
  readonly threads: number;
  /** Whether the iModel has no element for an entity. */
  isNew(record: EntityRecord): boolean;
}

/**
 * The records of all entities in batches. Some batches are asked for ahead, so that the threads know what to mesh next.
 * @throws ConnectorError
 */
export async function* readRecords(source: RecordSource): AsyncGenerator<readonly EntityRecord[]> {
  const asked: Promise<readonly EntityRecord[]>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  for (let start = 0; start < source.entities || asked.length > 0;) {
    for (; start < source.entities && asked.length < batchesFor(source.threads); start += batchSize) {
      const from = start;
      const batch = last.then(async () => readBatch(source, from));
      batch.catch(() => undefined); // whoever waits for it is told
      asked.push(batch);
      last = batch;
    }
    const next = asked.shift();
    if (next !== undefined) yield await next;
  }
}

async function readBatch(source: RecordSource, start: number): Promise<readonly EntityRecord[]> {
  const { thread } = source;
  const records = await thread.ask("records", start, batchSize);
  const added = records.filter((record) => source.isNew(record));
  await thread.ask(
    "expect",
    added.map(({ instance }) => instance),
  );
  return records;
}
