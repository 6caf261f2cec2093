/** A keyword of WKT with what stands in its brackets. */
export interface WktNode {
  /** In capital letters. */
  readonly keyword: string;
  readonly values: readonly (string | number | WktNode)[];
}

const token = /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_]\w*)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([[\](),]))/y;

/**
 * Reads well-known text, version 1 or 2, with brackets of either kind.
 * @returns the nodes: Esri writes a vertical system behind the horizontal one, after a comma
 * @throws SyntaxError where it is cut off or damaged, with what was expected and where
 */
export function parseWkt(text: string): [WktNode, ...WktNode[]] {
  const reader = new WktReader(text);
  const nodes: [WktNode, ...WktNode[]] = [reader.node()];
  while (reader.hasComma()) nodes.push(reader.node());
  reader.end();
  return nodes;
}

class WktReader {
  private _place = 0;

  public constructor(private readonly _text: string) {}

  public node(): WktNode {
    const { word } = this._next("a keyword");
    if (word === undefined) throw this._expected("a keyword");
    this._mark("[(", `[ after ${word}`);
    const values: (string | number | WktNode)[] = [];
    if (this._take("])")) return { keyword: word.toUpperCase(), values };
    do values.push(this._value());
    while (this._take(","));
    this._mark("])", `, or ] in ${word}`);
    return { keyword: word.toUpperCase(), values };
  }

  public hasComma(): boolean {
    return this._take(",");
  }

  public end(): void {
    if (this._text.slice(this._place).trim() !== "") throw this._expected("nothing");
  }

  /** A word without brackets, such as NORTH, is a text. */
  private _value(): string | number | WktNode {
    const start = this._place;
    const { text, word, number } = this._next("a value");
    if (text !== undefined) return text.replaceAll('""', '"');
    if (number !== undefined) return Number(number);
    if (word === undefined) throw this._expected("a value");
    if (!/^\s*[[(]/.test(this._text.slice(this._place))) return word;
    this._place = start;
    return this.node();
  }

  private _next(what: string) {
    token.lastIndex = this._place;
    const found = token.exec(this._text);
    if (found === null) throw this._expected(what);
    this._place = token.lastIndex;
    const [, text, word, number, mark] = found;
    return { text, word, number, mark };
  }

  private _take(marks: string): boolean {
    const start = this._place;
    if (this._text.slice(start).trim() === "") return false;
    const { mark } = this._next("a mark");
    if (mark !== undefined && marks.includes(mark)) return true;
    this._place = start;
    return false;
  }

  private _mark(marks: string, what: string): void {
    if (!this._take(marks)) throw this._expected(what);
  }

  private _expected(what: string): SyntaxError {
    const isEnd = this._text.slice(this._place).trim() === "";
    return new SyntaxError(
      isEnd ? `it is cut off where ${what} is expected` : `${what} is expected at character ${this._place + 1}`,
    );
  }
}

/** The first node of one of the keywords directly within a node. */
export function childOf(node: WktNode, ...keywords: string[]): WktNode | undefined {
  return childrenOf(node, ...keywords)[0];
}

/** All nodes of the keywords directly within a node. */
export function childrenOf(node: WktNode, ...keywords: string[]): WktNode[] {
  return node.values.filter((value): value is WktNode => typeof value === "object" && keywords.includes(value.keyword));
}

/** The words and quoted texts of a node, after its name. */
export function wordsOf(node: WktNode): string[] {
  return node.values.slice(1).filter((value) => typeof value === "string");
}

/** The name of a node: its first value. */
export function nameOf(node: WktNode): string {
  const [name] = node.values;
  return typeof name === "string" ? name : "";
}

/** The numbers of a node, in their order. */
export function numbersOf(node: WktNode): number[] {
  return node.values.filter((value) => typeof value === "number");
}
