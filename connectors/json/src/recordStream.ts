import { explainFault } from "itwin-connector-framework/internal";
import * as tables from "itwin-connector-framework/tables";
import { LineFinder } from "./LineFinder.js";
import { RecordSplitter } from "./RecordSplitter.js";

const advice = 'Correct the file, or export it anew. With one record after the other, give the option "lines": true.';

/** How records are read. */
interface RecordOptions {
  hasLines: boolean;
  path?: string;
  onProgress?: tables.OnProgress;
  onOther?: (keys: string) => void;
}

/**
 * The records of a file, as a stream.
 * @param hasLines whether the file has one record after the other, and not a document that holds them
 * @param path the path of the one list that is read; undefined for all lists of objects
 * @param onOther receives the keys on the way to each value that belongs to no record, but for null
 */
export async function* readRecords(
  file: tables.TextFile,
  { hasLines, path, onProgress, onOther }: RecordOptions,
): AsyncGenerator<tables.SourceRecord> {
  const splitter = new RecordSplitter(hasLines, onOther);
  const lines = new LineFinder();
  try {
    for await (const text of tables.readText(file, onProgress)) {
      const bytes = Buffer.from(text);
      for (const { table, offset, fields } of splitter.push(bytes))
        if (path === undefined || path === table)
          yield { table: path === undefined ? table : "", line: lines.find(offset, bytes), fields };
      lines.take(bytes);
    }
    splitter.end();
  } catch (error) {
    throw await explainFault(error, file, splitter.offset, advice);
  }
}
