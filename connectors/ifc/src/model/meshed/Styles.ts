import { referencesIn } from "../../step/StepValue.js";
import type { Attachments } from "../relations/Attachments.js";
import type { IfcFile } from "../IfcFile.js";
import { representationsOf } from "../lines/itemKinds.js";
import type { Relations } from "../relations/Relations.js";

/** Items and materials within each other deeper than this go in a circle. */
const deepest = 50;

/** Knows whether a file says how an entity looks. */
export class Styles {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _relations: Relations,
    private readonly _attachments: Attachments,
  ) {}

  /** Whether an item of an entity, or its material, has a style. */
  public has(id: number): boolean {
    const items = representationsOf(this._file, id).flatMap((shape) => this._file.references(shape, "Items"));
    const materials = this._relations.relatingOf("IfcRelAssociatesMaterial", id).map((relating) => relating.id);
    return items.some((item) => this._isStyled(item, 0)) || materials.some((material) => this._isShown(material, 0));
  }

  private _isStyled(item: number, depth: number): boolean {
    if (depth > deepest) return false;
    if (this._attachments.ofType(item, "IFCSTYLEDITEM").length > 0) return true;
    const inner = ["FirstOperand", "SecondOperand", "TreeRootExpression", "SbsmBoundary", "FbsmFaces"].flatMap((name) =>
      this._file.references(item, name),
    );
    return [...inner, ...this._mapped(item)].some((other) => this._isStyled(other, depth + 1));
  }

  private _mapped(item: number): number[] {
    const map = this._file.reference(item, "MappingSource");
    const mapped = map === undefined ? undefined : this._file.reference(map, "MappedRepresentation");
    return mapped === undefined ? [] : this._file.references(mapped, "Items");
  }

  /** The materials of layers, profiles and constituents are below their sets. */
  private _isShown(material: number, depth: number): boolean {
    if (depth > deepest) return false;
    if (this._attachments.ofType(material, "IFCMATERIALDEFINITIONREPRESENTATION").length > 0) return true;
    const below = this._file.step.valuesOf(material).flatMap((value) => [...referencesIn(value)]);
    return below.some((other) => this._isShown(other, depth + 1));
  }
}
