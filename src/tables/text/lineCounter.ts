const lineBreak = /\r\n|\r|\n/g;

/**
 * The number of line breaks in texts, such as the cells of a row.
 * @public
 */
export function countLineBreaks(texts: readonly string[]): number {
  let count = 0;
  for (const text of texts) if (text.includes("\n") || text.includes("\r")) count += countIn(text);
  return count;
}

function countIn(text: string): number {
  return text.match(lineBreak)?.length ?? 0;
}

/** Counts the lines of a text that comes in pieces, as a text editor does. */
export class LineCounter {
  /** The line that the end of the text so far is in, counted from 1. */
  public line = 1;
  private _endsWithReturn = false;

  /** Takes in the next piece. */
  public add(text: string): void {
    if (text === "") return;
    this.line += countIn(text);
    if (this._endsWithReturn && text.startsWith("\n")) this.line--;
    this._endsWithReturn = text.endsWith("\r");
  }
}
