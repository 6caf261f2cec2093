import { readUtf8, type OnProgress, type TextFile } from "../text/TextFile.js";
import { parseRun, type JsonRecord, type RecordParsing } from "./parseRun.js";
import { findFault, RecordCutter, type RecordPlaces } from "./RecordCutter.js";
import { EndFault, RecordFault, SyntaxFault } from "./RecordFault.js";
import type { AroundRecords } from "./Surroundings.js";

/**
 * Records that stand together.
 * @internal
 */
export interface JsonRecords {
  /** The keys on the way to them, with points between. */
  readonly path: string;
  /** The key of the one record in its object. */
  readonly key: string;
  readonly records: readonly JsonRecord[];
}

/**
 * What is said about a fault.
 * @internal
 */
export interface FaultAdvice {
  /** What to do about it. */
  advice: string;
  /** The code of the error for a text that is no JSON, and how its message begins. Default: `syntax`. */
  syntax?: { key: string; start: string };
}

const syntax = { key: "syntax", start: "The text cannot be read: " };

/**
 * How JSON is read.
 * @internal
 */
export interface JsonReading extends RecordParsing, FaultAdvice {
  /** Which values are records. */
  places: RecordPlaces;
  /** Is told of what stands around them. */
  around?: AroundRecords;
  /** Whether records at a path are used; others are not parsed. Default: all are. */
  uses?(path: string): boolean;
  onProgress?: OnProgress;
}

/**
 * The records of a JSON file, as a stream of lists. No more than one record and a piece of the file is held at a time.
 * @throws ConnectorError with the line
 * @internal
 */
export async function* readJsonRecords(file: TextFile, reading: JsonReading): AsyncGenerator<JsonRecords> {
  const cutter = cutterOf(reading);
  try {
    for await (const block of cutBlocks(file, cutter, reading)) {
      for (const run of cutter.runs)
        if (reading.uses?.(run.path) !== false)
          yield { path: run.path, key: run.key, records: parseRun(run, block, reading) };
    }
  } catch (error) {
    throw explainFault(error, file, reading, cutter.line);
  }
}

/**
 * Reads a JSON file for what stands around its records alone, as far as that is wanted.
 * @param isEnough - whether to stop; asked for after each piece of the file
 * @throws ConnectorError with the line
 * @internal
 */
export async function walkJson(file: TextFile, reading: JsonReading, isEnough: () => boolean): Promise<void> {
  const cutter = cutterOf(reading);
  try {
    const blocks = cutBlocks(file, cutter, reading);
    while ((await blocks.next()).done !== true && !isEnough());
    await blocks.return(undefined);
  } catch (error) {
    throw explainFault(error, file, reading, cutter.line);
  }
}

function cutterOf({ places, around, onNotANumber }: JsonReading): RecordCutter {
  return new RecordCutter(places, around, onNotANumber);
}

/** The blocks of a file, each when its records are cut. A block that holds no end of a record is not cut until it has doubled. */
async function* cutBlocks(file: TextFile, cutter: RecordCutter, reading: JsonReading): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let [size, needed] = [0, 0];
  for await (const bytes of readUtf8(file, reading.onProgress)) {
    pieces.push(bytes);
    size += bytes.length;
    if (size < needed) continue;
    const block = cutBlock(cutter, Buffer.concat(pieces), false, reading);
    yield block;
    const rest = block.subarray(cutter.rest);
    pieces = [rest];
    size = rest.length;
    needed = 2 * size;
  }
  yield cutBlock(cutter, Buffer.concat(pieces), true, reading);
}

function cutBlock(cutter: RecordCutter, block: Buffer, isLast: boolean, reading: JsonReading): Buffer {
  try {
    cutter.cut(block, isLast);
  } catch (error) {
    throw firstFault(error, cutter, block, reading);
  }
  return block;
}

/** A record that is no JSON can have its end taken in a wrong place, so that the cutter goes astray after it. */
function firstFault(error: unknown, cutter: RecordCutter, block: Buffer, reading: JsonReading): unknown {
  try {
    for (const run of cutter.runs) parseRun(run, block, { ...reading, onNotANumber: () => undefined });
    if (error instanceof EndFault) findFault(block.subarray(cutter.rest), cutter.line);
  } catch (earlier) {
    if (!(earlier instanceof EndFault)) return earlier;
    if (error instanceof EndFault) error.line = earlier.line;
  }
  return error;
}

/**
 * The error for a fault: one with a line. What has a code already stays as it is.
 * @param line - where the fault is, if it does not know
 * @internal
 */
export function explainFault(error: unknown, file: TextFile, advice: FaultAdvice, line?: number): unknown {
  if (!(error instanceof RecordFault)) return error;
  const { key, start } = error instanceof SyntaxFault ? (advice.syntax ?? syntax) : { key: error.key, start: "" };
  const source = { line: error.line ?? line };
  return file.errors.make(key, start + error.message, { source, advice: advice.advice, cause: error });
}
