import { readText, type SourceRecord, type TableDocument, type TextFile } from "itwin-connector-framework/tables";

/** Lists and objects that are nested deeper are refused, so that no source can exhaust the stack. */
const deepest = 100;

/** The objects of a list as a stream: one of them is in memory at a time. */
export async function* readObjects(
  file: TextFile,
  onProgress: TableDocument["onProgress"],
): AsyncGenerator<SourceRecord> {
  const splitter = new ObjectSplitter();
  try {
    for await (const text of readText(file, onProgress))
      for (const object of splitter.push(text))
        yield { table: "", line: splitter.line, fields: JSON.parse(object) as Record<string, unknown> };
    splitter.end();
  } catch (error) {
    if (!(error instanceof Error) || "code" in error) throw error; // it says already what is wrong
    throw file.errors.make("syntax", `The file is not a list of JSON objects: ${error.message}`, {
      source: { line: splitter.line },
      advice: 'Write a list such as [{ "id": "P-1", "name": "Pump" }], or export the file anew.',
      cause: error,
    });
  }
}

/** Splits the text of a list into the texts of its objects. */
class ObjectSplitter {
  /** Where the last object begins. */
  public line = 1;
  private _lines = 1;
  private _depth = 0;
  private _isInText = false;
  private _isEscaped = false;
  /** The object that is not at its end yet. */
  private _object?: string;
  private _count = 0;
  /** What lies around the objects, with a zero for each. */
  private _around = "";

  /** The objects that end in the next piece of the text. */
  public *push(text: string): Generator<string> {
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      const change = this._take(text[index]!);
      if (change > 0 && this._depth === 2 && text[index] === "{") {
        this._begin(text.slice(start, index));
        start = index;
      } else if (change < 0 && this._depth === 1 && this._object !== undefined) {
        yield this._object + text.slice(start, index + 1);
        this._object = undefined;
        start = index + 1;
      }
    }
    if (this._object === undefined) this._around += text.slice(start);
    else this._object += text.slice(start);
  }

  /** Checks that nothing is left open, and that there is a list of nothing but objects. */
  public end(): void {
    const list = JSON.parse(this._around) as unknown;
    const isList = Array.isArray(list) && list.length === this._count && list.every((item) => item === 0);
    if (!isList || this._object !== undefined) throw new Error("there is something else in it.");
  }

  private _begin(around: string): void {
    this._around += `${around}0`;
    this._object = "";
    this._count++;
    this.line = this._lines;
  }

  /** @returns how much deeper the text is after a character */
  private _take(character: string): number {
    if (character === "\n") this._lines++;
    if (this._isInText) return this._takeInText(character);
    if (character === '"') this._isInText = true;
    const change = "{[".includes(character) ? 1 : "}]".includes(character) ? -1 : 0;
    this._depth += change;
    if (this._depth > deepest) throw new Error(`it is nested more than ${deepest} deep.`);
    return change;
  }

  private _takeInText(character: string): number {
    if (this._isEscaped) this._isEscaped = false;
    else if (character === "\\") this._isEscaped = true;
    else if (character === '"') this._isInText = false;
    return 0;
  }
}
