import { Tokenizer, TokenParser, TokenType, type ParsedTokenInfo } from "@streamparser/json";
import { checkDepth, checkKeys, RecordPath } from "itwin-connector-framework/internal";
import { exactNumber, type SourceRecord } from "itwin-connector-framework/tables";

/** A record with where it begins, in bytes of the text as UTF-8. */
export type FoundRecord = SourceRecord & { offset: number };

const { LEFT_BRACE, LEFT_BRACKET, RIGHT_BRACE, RIGHT_BRACKET, COLON, COMMA, STRING, NUMBER, TRUE, FALSE, NULL } =
  TokenType;
const values: ReadonlySet<TokenType> = new Set([STRING, NUMBER, TRUE, FALSE]);
const depths: Partial<Record<TokenType, number>> = {
  [LEFT_BRACE]: 1,
  [LEFT_BRACKET]: 1,
  [RIGHT_BRACE]: -1,
  [RIGHT_BRACKET]: -1,
};

/**
 * Splits JSON into its records: the objects that stand in lists or, with lines, on their own. What lies around them is
 * only checked, so that no more than one record is ever held.
 */
export class RecordSplitter {
  /** Where the last token begins, in bytes of the text as UTF-8. */
  public offset = 0;
  /** A number that a double would change stays a text. */
  private readonly _tokenizer = Object.assign(new Tokenizer({ separator: "" }), { parseNumber: exactNumber });
  private readonly _around: TokenParser;
  private readonly _within = new TokenParser({ paths: ["$"], separator: "" });
  private readonly _path: RecordPath;
  private _record = { table: "", offset: 0, depth: 0, keys: 0 };
  private _found: FoundRecord[] = [];
  private _isAfterColon = false;

  /** @param _onOther - receives the keys on the way to each value that belongs to no record, but for null */
  public constructor(
    hasLines: boolean,
    private readonly _onOther: (keys: string) => void = () => {},
  ) {
    this._path = new RecordPath(hasLines);
    // No path is ever matched, so that the parser keeps nothing.
    this._around = new TokenParser({ paths: ["$.\0"], keepStack: false, separator: hasLines ? "" : undefined });
    this._tokenizer.onToken = (token) => this._take(token);
    this._within.onValue = ({ value }) => this._finish(value as Record<string, unknown>);
  }

  /** The records that end in the next piece of the text. */
  public push(bytes: Uint8Array): FoundRecord[] {
    this._found = [];
    this._tokenizer.write(bytes);
    return this._found;
  }

  /** Checks that nothing is left open. */
  public end(): void {
    this._tokenizer.end();
    if (this._record.depth > 0) this._within.end();
    else if (!this._around.isEnded) this._around.end();
  }

  private _take(token: ParsedTokenInfo): void {
    this.offset = token.offset;
    if (this._record.depth > 0) this._takeWithin(token);
    else if (token.token === LEFT_BRACE && this._path.isRecordPlace) this._begin(token);
    else this._takeAround(token);
  }

  private _begin(token: ParsedTokenInfo): void {
    this._record = { table: this._path.beginRecord(), offset: token.offset, depth: 0, keys: 0 };
    this._isAfterColon = false;
    this._around.write({ token: NULL, value: null });
    this._takeWithin(token);
  }

  private _takeWithin(token: ParsedTokenInfo): void {
    checkDepth((this._record.depth += depths[token.token] ?? 0));
    if (token.token === COLON) this._record.keys++;
    this._within.write(token);
  }

  private _takeAround(token: ParsedTokenInfo): void {
    const depth = depths[token.token] ?? 0;
    this._noteValue(token);
    if (depth > 0) this._path.open(token.token === LEFT_BRACKET);
    else if (depth < 0) this._path.close();
    else if (token.token === STRING && !this._isAfterColon) this._path.text(token.value as string);
    else if (token.token !== COLON && token.token !== COMMA) this._path.value();
    this._isAfterColon = token.token === COLON;
    this._around.write(token);
  }

  private _noteValue({ token }: ParsedTokenInfo): void {
    if (values.has(token) && (this._isAfterColon || this._path.isInList)) this._onOther(this._path.keys);
  }

  private _finish(fields: Record<string, unknown>): void {
    checkKeys(fields, this._record.keys);
    this._found.push({ ...this._record, fields });
  }
}
