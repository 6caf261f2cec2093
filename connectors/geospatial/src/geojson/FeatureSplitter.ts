import { Tokenizer, TokenParser, TokenType, type ParsedTokenInfo } from "@streamparser/json";
import { checkDepth, checkKeys } from "itwin-connector-framework/internal";

/** An object as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const { LEFT_BRACE, LEFT_BRACKET, RIGHT_BRACE, RIGHT_BRACKET, COLON, STRING, NULL } = TokenType;
const steps: Partial<Record<TokenType, number>> = {
  [LEFT_BRACE]: 1,
  [LEFT_BRACKET]: 1,
  [RIGHT_BRACE]: -1,
  [RIGHT_BRACKET]: -1,
};

/** Members of the root are this deep, and features one deeper, within their list. */
const [depthOfMembers, depthOfFeatures] = [1, 2];

/**
 * Splits GeoJSON into the features of a collection and what stands around them, so that no more than one feature is ever
 * held.
 */
export class FeatureSplitter {
  /** Where the last token begins, in bytes of the text as UTF-8. */
  public offset = 0;
  /** What stands around the features, once it has ended: in the place of each object in the list it has null. */
  public root: unknown;
  private readonly _tokenizer = new Tokenizer({ separator: "" });
  private readonly _around = new TokenParser({ paths: ["$"] });
  private readonly _within = new TokenParser({ paths: ["$"], separator: "" });
  private _depth = 0;
  /** The member of the root that is being read. */
  private _member = "";
  private _isList = false;
  private _isWithin = false;
  private _keys = 0;
  private _found: JsonObject[] = [];

  public constructor() {
    this._tokenizer.onToken = (token) => this._take(token);
    this._around.onValue = ({ value }) => (this.root = value);
    this._within.onValue = ({ value }) => this._finish(value as unknown as JsonObject);
  }

  /** The features that end in the next piece of the text. */
  public push(bytes: Uint8Array): JsonObject[] {
    this._found = [];
    this._tokenizer.write(bytes);
    return this._found;
  }

  /** Checks that nothing is left open. */
  public end(): void {
    this._tokenizer.end();
    if (!this._around.isEnded) this._around.end();
  }

  private _take(token: ParsedTokenInfo): void {
    this.offset = token.offset;
    if (this._isList && this._depth === depthOfFeatures && token.token === LEFT_BRACE) this._begin();
    checkDepth((this._depth += steps[token.token] ?? 0));
    if (this._isWithin) this._takeWithin(token);
    else this._takeAround(token);
  }

  private _begin(): void {
    this._isWithin = true;
    this._keys = 0;
    this._around.write({ token: NULL, value: null });
  }

  private _takeWithin(token: ParsedTokenInfo): void {
    if (token.token === COLON) this._keys++;
    this._within.write(token);
    this._isWithin = this._depth > depthOfFeatures;
  }

  private _takeAround(token: ParsedTokenInfo): void {
    if (this._depth === depthOfMembers) this._isList = false;
    if (this._depth === depthOfMembers && token.token === STRING) this._member = token.value as string;
    if (this._depth === depthOfFeatures && token.token === LEFT_BRACKET) this._isList = this._member === "features";
    this._around.write(token);
  }

  private _finish(feature: JsonObject): void {
    checkKeys(feature, this._keys);
    this._found.push(feature);
  }
}
