import { checkDepth, RecordFault, SyntaxFault } from "./RecordFault.js";

/** What may stand next in a list or an object. */
type Next = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

/** A list or an object that is open, or the text itself. */
interface Level {
  kind: "text" | "list" | "object";
  /** The keys on the way to it, with points between; undefined where there is none. */
  path: string | undefined;
  next: Next;
  /** In an object: the key that came last. */
  key: string;
  holdsRecords: boolean;
  holdsOthers: boolean;
  /** In a list: how many nulls it has, and the line of the first one. */
  nulls: number;
  lineOfNull: number;
}

/** A value around records, or a record. */
export type ValueKind = "object" | "list" | "record" | "text" | "other";

/**
 * Is told of what stands around records.
 * @internal
 */
export interface AroundRecords {
  /** Receives the path of each text, number, true or false. */
  onValue?(path: string): void;
  /** Receives how many nulls a list has beside records, and the line of the first one. */
  onNulls?(count: number, line: number): void;
  /** Receives each value and each record, when it begins, and how many lists and objects it is in. */
  onBegin?(kind: ValueKind, depth: number, text: string): void;
  /** Receives each key, and how many lists and objects it is in. */
  onKey?(key: string, depth: number): void;
  /** Receives each end of a list or an object, and how many lists and objects it is in. */
  onEnd?(depth: number): void;
}

/** What is allowed around records. */
export interface SurroundingRules {
  /** Whether one value may follow the other without a comma, as on lines. */
  readonly hasRoots: boolean;
  /** Whether a list may hold records and other values than null. Default: false. */
  readonly allowsOthers?: boolean;
}

const valuePlaces: ReadonlySet<Next> = new Set(["value", "valueOrEnd"]);
const keyPlaces: ReadonlySet<Next> = new Set(["key", "keyOrEnd"]);
const ends: Readonly<Record<"list" | "object", ReadonlySet<Next>>> = {
  list: new Set(["valueOrEnd", "commaOrEnd"]),
  object: new Set(["keyOrEnd", "commaOrEnd"]),
};

/**
 * Follows JSON through the lists and objects around records: knows the path to each place, and refuses what the grammar does
 * not allow there.
 */
export class Surroundings {
  private readonly _outer: Level[] = [];
  private _level: Level;

  public constructor(
    private readonly _rules: SurroundingRules,
    private readonly _around: AroundRecords = {},
  ) {
    this._level = levelOf("text", undefined, _rules.hasRoots ? "valueOrEnd" : "value");
  }

  /** How many lists and objects are open. */
  public get depth(): number {
    return this._outer.length;
  }

  /** Whether a value that stands here is an item of a list. */
  public get isInList(): boolean {
    return this._level.kind === "list";
  }

  /** Whether all is closed, and nothing but another root can follow. */
  public get isComplete(): boolean {
    return this.depth === 0 && (this._rules.hasRoots || this._level.next === "nothing");
  }

  /** The key that came last in the object that is open. */
  public get key(): string {
    return this._level.key;
  }

  /** The keys on the way to the list or object that is open, with points between; undefined where there is none. */
  public get openPath(): string | undefined {
    return this._level.path;
  }

  /** The keys on the way to what is read, with points between. */
  public get path(): string {
    return this._place ?? "";
  }

  /** A record stands here. */
  public record(token: string): void {
    this._beginValue(token, "record");
    this._mark("holdsRecords");
  }

  /** A list or an object opens that is no record. */
  public open(isList: boolean): void {
    this._beginValue(isList ? "[" : "{", isList ? "list" : "object");
    this._mark("holdsOthers");
    const opened = isList ? levelOf("list", this._place, "valueOrEnd") : levelOf("object", this._place, "keyOrEnd");
    this._outer.push(this._level);
    this._level = opened;
    checkDepth(this.depth);
  }

  /** The last one that was opened closes. */
  public close(isList: boolean): void {
    const { kind, next, holdsRecords, nulls, lineOfNull } = this._level;
    const outer = this._outer.at(-1);
    const wanted = isList ? "list" : "object";
    if (outer === undefined || kind !== wanted || !ends[wanted].has(next)) throw unexpected(isList ? "]" : "}");
    if (holdsRecords && nulls > 0) this._around.onNulls?.(nulls, lineOfNull);
    this._outer.pop();
    this._level = outer;
    this._around.onEnd?.(this.depth);
  }

  public comma(): void {
    if (this._level.next !== "commaOrEnd") throw unexpected(",");
    this._level.next = this.isInList ? "value" : "key";
  }

  public colon(): void {
    if (this._level.next !== "colon") throw unexpected(":");
    this._level.next = "value";
  }

  /** A text: a key or a value. */
  public text(text: string): void {
    if (keyPlaces.has(this._level.next)) {
      this._level.key = text;
      this._level.next = "colon";
      this._around.onKey?.(text, this.depth);
    } else this._value(text, "text");
  }

  /** A value that is no text. */
  public scalar(token: string, line: number): void {
    if (token === "null") this._null(line);
    else this._value(token, "other");
  }

  private get _place(): string | undefined {
    const { kind, path, key } = this._level;
    if (kind !== "object") return path;
    return path === undefined ? key : `${path}.${key}`;
  }

  private _null(line: number): void {
    this._beginValue("null", "other");
    if (this._level.nulls++ === 0) this._level.lineOfNull = line;
  }

  private _value(token: string, kind: ValueKind): void {
    this._beginValue(token, kind);
    this._mark("holdsOthers");
    this._around.onValue?.(this.path);
  }

  private _beginValue(token: string, kind: ValueKind): void {
    const level = this._level;
    if (!valuePlaces.has(level.next)) throw unexpected(kind === "text" ? JSON.stringify(token) : token);
    if (level.kind !== "text") level.next = "commaOrEnd";
    else if (!this._rules.hasRoots) level.next = "nothing";
    this._around.onBegin?.(kind, this.depth, token);
  }

  private _mark(what: "holdsRecords" | "holdsOthers"): void {
    const level = this._level;
    level[what] = true;
    if (level.kind === "list" && level.holdsRecords && level.holdsOthers && this._rules.allowsOthers !== true)
      throw new RecordFault("mixed-list", "A list holds both records and other values.");
  }
}

function levelOf(kind: Level["kind"], path: Level["path"], next: Next): Level {
  return { kind, path, next, key: "", holdsRecords: false, holdsOthers: false, nulls: 0, lineOfNull: 0 };
}

/** Hints for what other notations have and JSON has not. */
const hints: readonly (readonly [form: RegExp, hint: string])[] = [
  [/^-?(?:NaN|Infinity)$/, "JSON has no such number"],
  [/^\/[/*]|^#/, "JSON has no comments"],
  [/^['`]/, "texts are in double quotes"],
  [/^[A-Za-z_$]/, "keys and texts are in double quotes"],
];

/** The fault of a token at a place where it may not be. */
export function unexpected(token: string): SyntaxFault {
  const [, hint] = hints.find(([form]) => form.test(token)) ?? [];
  const shown = token.length > 20 ? `${token.slice(0, 20)}…` : token;
  return new SyntaxFault(`Unexpected ${shown}${hint === undefined ? "" : ` (${hint})`}.`);
}
