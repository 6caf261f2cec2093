import { referencesIn } from "../../step/StepValue.js";
import type { Attachments } from "../relations/Attachments.js";
import type { IfcFile } from "../IfcFile.js";

/** References deeper than this go in a circle. */
const deepest = 100;

/** Finds the textures that a shape has by its styles. */
export class Textures {
  private readonly _hasTextures: boolean;
  private readonly _found = new Map<number, ReadonlySet<number>>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _attachments: Attachments,
  ) {
    this._hasTextures = !_file.all("IFCSURFACETEXTURE").next().done;
  }

  /** The textures that a representation or a shape reaches. */
  public of(id: number): number[] {
    return this._hasTextures ? [...this._reach(id, 0)] : [];
  }

  private _reach(id: number, depth: number): ReadonlySet<number> {
    const known = this._found.get(id);
    if (known !== undefined || depth > deepest) return known ?? new Set();
    if (this._file.isA(id, "IFCSURFACETEXTURE")) return new Set([id]);
    const found = new Set<number>();
    this._found.set(id, found);
    const parts = this._file.isA(id, "IFCROOT") ? [] : this._file.step.valuesOf(id).flatMap((value) => [...referencesIn(value)]); // prettier-ignore
    for (const part of [...parts, ...this._attachments.ofType(id, "IFCSTYLEDITEM")])
      for (const texture of this._reach(part, depth + 1)) found.add(texture);
    return found;
  }
}
