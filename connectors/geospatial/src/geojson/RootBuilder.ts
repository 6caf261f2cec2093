import { RecordFault, type AroundRecords, type ValueKind } from "itwin-connector-framework/internal";
import { exactNumber } from "itwin-connector-framework/tables";

type Container = Record<string, unknown> | unknown[];

/** Members of a feature whose numbers keep all their digits; those of a geometry are positions. */
const exactMembers = new Set(["id", "properties"]);

/** Builds what stands around the features of a text: in the place of their list is an empty one. */
export class RootBuilder implements AroundRecords {
  /** What was built: the first one of several. */
  public root: unknown;
  /** How many values there are, one after the other. */
  public roots = 0;
  /** Whether there are features. */
  public hasFeatures = false;
  private readonly _open: Container[] = [];
  private readonly _keys: string[] = [];

  /** @param _onOther - called for each item of the list of features that is not an object */
  public constructor(private readonly _onOther: () => void = () => undefined) {}

  public onBegin(kind: ValueKind, depth: number, text: string): void {
    if (depth === 0) this.roots++;
    if (kind === "record") this.hasFeatures = true;
    else if (depth === 2 && this._isFeatureList) this._beginOther(kind);
    else this._add(kind, text);
  }

  public onKey(key: string, depth: number): void {
    this._keys[depth - 1] = key;
  }

  public onEnd(): void {
    this._open.pop();
  }

  private get _isFeatureList(): boolean {
    return this._keys[0] === "features" && Array.isArray(this._open[1]);
  }

  private _beginOther(kind: ValueKind): void {
    this._onOther();
    if (kind === "list") this._open.push([]);
  }

  private _add(kind: ValueKind, text: string): void {
    const isContainer = kind === "list" || kind === "object";
    const value = isContainer ? (kind === "list" ? [] : {}) : this._scalarOf(kind, text);
    const parent = this._open.at(-1);
    if (parent === undefined) this.root ??= value;
    else if (Array.isArray(parent)) parent.push(value);
    else this._set(parent, this._keys[this._open.length - 1] ?? "", value);
    if (isContainer) this._open.push(value as Container);
  }

  private _scalarOf(kind: ValueKind, text: string): unknown {
    if (kind === "text") return text;
    const value = JSON.parse(text) as unknown;
    return typeof value === "number" && exactMembers.has(this._keys[0] ?? "") ? exactNumber(text) : value;
  }

  /** A key may be `__proto__`, which an assignment takes for something else. */
  private _set(parent: Record<string, unknown>, key: string, value: unknown): void {
    if (Object.hasOwn(parent, key)) throw new RecordFault("duplicate-key", "A key comes twice in one object.");
    Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });
  }
}
