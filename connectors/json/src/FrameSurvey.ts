import { isIdName, type ValueKind } from "itwin-connector-framework/internal";
import type { Layout } from "./shapes.js";

/** The members that a frame of pandas has in its forms "split" and "tight". */
const splitMembers: ReadonlySet<string> = new Set(["columns", "index", "data", "index_names", "column_names"]);

/** What pandas calls an index without a name, which mostly counts the rows. */
const plainIndex = "index";

/** Finds out whether an object is a frame as pandas writes it: "split", "tight", or "table" with its schema. */
export class FrameSurvey {
  private readonly _members = new Set<string>();
  private readonly _ofSchema = new Set<string>();
  private readonly _texts: Record<string, string[]> = {};
  /** The paths of values that have another kind than those of a frame. */
  private _hasOther = false;
  private _keys: string[] = [];

  /** The layout, once the members of the object are known. */
  public get layout(): Layout | undefined {
    return this._split ?? this._table;
  }

  public onKey(key: string, depth: number): void {
    this._keys = [...this._keys.slice(0, depth - 1), key];
    if (depth === 1) this._members.add(key);
    if (depth === 2 && this._keys[0] === "schema") this._ofSchema.add(key);
  }

  public onBegin(kind: ValueKind, depth: number, text: string): void {
    const [member = "", inner] = this._keys;
    if (depth === 0) this._hasOther ||= kind !== "object";
    else if (depth === 1) {
      this._keys.length = 1;
      this._hasOther ||= kind !== (member === "schema" ? "object" : "list");
    } else this._item(kind, text, depth === 2 ? member : `${member}.${inner}`);
  }

  private _item(kind: ValueKind, text: string, path: string): void {
    if (kind === "text") (this._texts[path] ??= []).push(text);
    if (path === "data") this._hasOther ||= kind !== "list" && kind !== "record";
    if (path === "columns") this._hasOther ||= kind !== "text";
  }

  private get _split(): Layout | undefined {
    const members = [...this._members];
    const isSplit = members.every((name) => splitMembers.has(name)) && this._has("columns", "data");
    if (!isSplit || this._hasOther || this._namesOf("columns").length === 0) return undefined;
    const isNamed = this._namesOf("index").length > 0 && !this._namesOf("columns").some(isIdName);
    const index = this._namesOf("index_names")[0] ?? plainIndex;
    return { shape: "split", hasRoots: false, ...(isNamed && { idColumn: index }) };
  }

  private get _table(): Layout | undefined {
    if (this._members.size !== 2 || !this._has("schema", "data") || this._hasOther) return undefined;
    if (!this._ofSchema.has("fields")) return undefined;
    const [key = plainIndex, ...others] = this._namesOf("schema.primaryKey");
    const isKey = key !== plainIndex && others.length === 0;
    return { shape: "list", hasRoots: false, path: "data", ...(isKey && { idColumn: key }) };
  }

  private _has(...names: string[]): boolean {
    return names.every((name) => this._members.has(name));
  }

  private _namesOf(path: string): readonly string[] {
    return this._texts[path] ?? [];
  }
}
