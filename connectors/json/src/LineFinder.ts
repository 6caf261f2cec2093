const newline = 10;

/**
 * Finds the lines of places in a text that comes in pieces of UTF-8. The places only grow.
 */
export class LineFinder {
  private _line = 1;
  private _counted = 0;
  private _start = 0;

  /**
   * The line of a place, counted from 1.
   * @param offset - in bytes from the beginning of the text; in the given piece, or before it
   */
  public find(offset: number, piece: Buffer): number {
    const place = offset - this._start;
    for (let next = this._next(piece); next >= 0 && next < place; next = this._next(piece)) {
      this._counted = this._start + next + 1;
      this._line++;
    }
    return this._line;
  }

  /** Goes on to the next piece. */
  public take(piece: Buffer): void {
    this.find(this._start + piece.length, piece);
    this._start += piece.length;
    this._counted = this._start;
  }

  private _next(piece: Buffer): number {
    return piece.indexOf(newline, this._counted - this._start);
  }
}
