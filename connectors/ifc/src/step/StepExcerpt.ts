import type { StepFile } from "./StepFile.js";

const [semicolon, quote, hash] = [";", "'", "#"].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
];

/** The text of a file with some instances replaced: all of it, or that of some instances as a file of their own. */
export class StepExcerpt {
  /** @param _replacements - statements that take the place of instances, by their numbers */
  public constructor(
    private readonly _bytes: Buffer,
    private readonly _file: StepFile,
    private readonly _replacements: ReadonlyMap<number, string>,
  ) {}

  /** All of the file. It is the file itself where nothing is replaced. */
  public whole(): Uint8Array {
    const spans = [...this._replacements].flatMap(([id, text]) => {
      const span = this._spanOf(id);
      return span === undefined ? [] : [{ ...span, text }];
    });
    if (spans.length === 0) return this._bytes;
    const parts: Uint8Array[] = [];
    let position = 0;
    for (const { start, end, text } of spans.sort((left, right) => left.start - right.start)) {
      parts.push(this._bytes.subarray(position, start), Buffer.from(text));
      position = end;
    }
    return Buffer.concat([...parts, this._bytes.subarray(position)]);
  }

  /** Some instances as a file of their own. */
  public slice(ids: Iterable<number>): Uint8Array {
    const parts: Uint8Array[] = [Buffer.from(headOf(this._file.schema))];
    for (const id of ids) {
      const replacement = this._replacements.get(id);
      const span = this._spanOf(id);
      if (replacement !== undefined) parts.push(Buffer.from(replacement));
      else if (span !== undefined) parts.push(this._bytes.subarray(span.start, span.end));
    }
    return Buffer.concat([...parts, Buffer.from("ENDSEC;\nEND-ISO-10303-21;\n")]);
  }

  /** From the `#` of an instance to behind its semicolon. */
  private _spanOf(id: number): { start: number; end: number } | undefined {
    const offset = this._file.offsetOf(id);
    if (offset === undefined) return undefined;
    let end = offset;
    for (let isText = false; isText || this._bytes[end] !== semicolon; end++)
      if (this._bytes[end] === quote) isText = !isText;
    return { start: this._bytes.lastIndexOf(hash, offset), end: end + 1 };
  }
}

function headOf(schema: string): string {
  return [
    "ISO-10303-21;",
    "HEADER;",
    "FILE_DESCRIPTION((''),'2;1');",
    "FILE_NAME('','',(''),(''),'','','');",
    `FILE_SCHEMA(('${schema}'));`,
    "ENDSEC;",
    "DATA;",
    "",
  ].join("\n");
}
