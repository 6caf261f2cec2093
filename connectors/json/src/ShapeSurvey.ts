import { isIdName, type AroundRecords, type ValueKind } from "itwin-connector-framework/internal";
import { FrameSurvey } from "./FrameSurvey.js";
import type { Layout, Shape } from "./shapes.js";

/** What the options say of identifiers. */
interface RecordIds {
  readonly idColumn?: string;
  readonly idByRow?: boolean;
}

/**
 * Finds out how the records of a text stand in it. Objects in lists are records above all. Any other shape is taken only where
 * the text cannot well be something else.
 */
export class ShapeSurvey implements AroundRecords {
  private readonly _roots = { count: 0, kinds: new Set<ValueKind>() };
  private _records = 0;
  private readonly _object: ObjectSurvey;
  private readonly _frame = new FrameSurvey();
  private readonly _rows = new RowSurvey(1);
  private readonly _rowsOnLines = new RowSurvey(0);

  /** @param ids - the options that say what tells records apart */
  public constructor({ idColumn, idByRow }: RecordIds) {
    const isId = idColumn === undefined ? isIdName : (name: string) => name === idColumn;
    this._object = new ObjectSurvey(idByRow === true && idColumn === undefined ? () => true : isId);
  }

  /** The first value of the one object that the text is, where no record and no list of them is in it. */
  public get firstOfObject(): string | undefined {
    const { count, kinds } = this._roots;
    return count === 1 && kinds.has("object") && this._records === 0 ? this._object.firstSimple : undefined;
  }

  /** The layout once it is certain, whatever follows. */
  public get certain(): Layout | undefined {
    if (this._roots.count > 1) return this._ofRoots();
    return this._records > 0 ? (this._frame.layout ?? { shape: "list", hasRoots: false }) : undefined;
  }

  /** The layout of a text that was read to its end; undefined where it can be taken in several ways. */
  public get final(): Layout | undefined {
    if (this._roots.count !== 1 || this._records > 0) return this.certain;
    if (this._frame.layout !== undefined) return this._frame.layout;
    const shape = this._roots.kinds.has("object") ? this._object.shape : this._rows.shape;
    return shape && { shape, hasRoots: false };
  }

  public onBegin(kind: ValueKind, depth: number, text: string): void {
    if (depth === 0) {
      this._roots.count++;
      this._roots.kinds.add(kind);
    }
    if (kind === "record") this._records++;
    this._object.onBegin(kind, depth);
    this._frame.onBegin(kind, depth, text);
    this._rows.onBegin(kind, depth, text);
    this._rowsOnLines.onBegin(kind, depth, text);
  }

  public onKey(key: string, depth: number): void {
    this._object.onKey(key, depth);
    this._frame.onKey(key, depth);
  }

  public onEnd(depth: number): void {
    this._object.onEnd(depth);
  }

  private _ofRoots(): Layout | undefined {
    const { kinds } = this._roots;
    const isOf = (...allowed: ValueKind[]) => [...kinds].every((kind) => allowed.includes(kind));
    if (isOf("object") || (this._records > 0 && isOf("object", "list"))) return { shape: "lines", hasRoots: true };
    const shape = this._rowsOnLines.shape;
    return shape && isOf("list") ? { shape, hasRoots: true } : undefined;
  }
}

/** What an object holds that may be the whole text. */
class ObjectSurvey {
  private readonly _counts = { members: 0, objects: 0, columns: 0 };
  /** The keys that all objects have. */
  private _commonKeys?: Set<string>;
  private readonly _lengths = new Set<number>();
  private _hasIdentifier = false;
  /** The key of the first value that is neither a list nor an object. */
  public firstSimple?: string;
  private _hasEmptyList = false;
  private _key = "";
  private _last?: ValueKind;
  private _member = memberOf("other");

  public constructor(private readonly _isId: (name: string) => boolean) {}

  public get shape(): Shape | undefined {
    const { members, objects, columns } = this._counts;
    if (members > 1 && objects === members && this._commonKeys?.size) return "keyed";
    if (members > 1 && columns === members && this._lengths.size === 1) return "columns";
    return this._hasIdentifier && !this._hasEmptyList ? "single" : undefined;
  }

  public onBegin(kind: ValueKind, depth: number): void {
    this._last = kind;
    const isSimple = kind === "text" || kind === "other";
    if (depth === 1) {
      this._member = memberOf(kind);
      this._counts.members++;
      this._hasIdentifier ||= isSimple && this._isId(this._key);
      if (isSimple) this.firstSimple ??= this._key;
    } else if (depth === 2) {
      this._member.items++;
      this._member.isSimple &&= isSimple;
    }
  }

  public onKey(key: string, depth: number): void {
    this._last = undefined;
    if (depth === 1) this._key = key;
    if (depth === 2) this._member.keys.add(key);
  }

  public onEnd(depth: number): void {
    if (this._last === "list") this._hasEmptyList = true;
    this._last = undefined;
    if (depth === 1) this._endMember(this._member);
  }

  private _endMember({ kind, items, isSimple, keys }: Member): void {
    if (kind === "object") {
      this._counts.objects++;
      this._commonKeys = new Set([...(this._commonKeys ?? keys)].filter((key) => keys.has(key)));
    } else if (isSimple && items > 0) {
      this._counts.columns++;
      this._lengths.add(items);
    }
  }
}

/** A member of the object that may be the whole text. */
interface Member {
  readonly kind: ValueKind;
  readonly keys: Set<string>;
  items: number;
  /** Whether its items are no lists and objects. */
  isSimple: boolean;
}

function memberOf(kind: ValueKind): Member {
  return { kind, keys: new Set(), items: 0, isSimple: true };
}

/** Whether lists follow one that names columns. */
class RowSurvey {
  private readonly _names = new Set<string>();
  private _lists = 0;
  private _isSound = true;

  /** @param _depth - how many lists and objects they are in */
  public constructor(private readonly _depth: number) {}

  public get shape(): Shape | undefined {
    return this._isSound && this._lists > 1 && this._names.size > 0 ? "arrays" : undefined;
  }

  public onBegin(kind: ValueKind, depth: number, text: string): void {
    if (depth === this._depth) {
      this._lists++;
      this._isSound &&= kind === "list";
    } else if (depth === this._depth + 1 && this._lists === 1) {
      this._isSound &&= kind === "text" && text !== "" && !this._names.has(text);
      this._names.add(text);
    }
  }
}
