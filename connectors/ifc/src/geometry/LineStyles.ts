import { SubCategory, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ColorDef, FontType, type FontId } from "@itwin/core-common";
import { gridName, type EntityDetails } from "../model/records.js";

/** Types that are nothing but lines, and that a user wants to see: alignments, and structural models. */
const shownTypes = /^Ifc(Alignment|Referent|Positioning|Linear|Structural)/;

/** Whether lines are shown until someone switches them off. A grid shows its axes, and not a second time its footprint. */
function areShown(className: string, name: string): boolean {
  if (className === "IfcGrid") return name === gridName;
  return shownTypes.test(className) || name === bodyName;
}

/** Lines that are given as the body of an entity are what it looks like. */
const bodyName = "Body";

/** The color of lines. */
const color = ColorDef.create("rgb(40,70,110)").toJSON();

/** The font of texts, where the viewer has it. */
const font = { name: "Arial", type: FontType.TrueType };

/** Whether texts are among what an entity shows. */
export function hasText({ lines }: EntityDetails): boolean {
  return lines.some(({ items }) => items.some(({ kind }) => kind === "text"));
}

/** The SubCategories of representations without a body, and the font of their texts. */
export class LineStyles {
  private readonly _ids = new Map<string, Id64String>();
  private _font?: Promise<FontId>;

  public constructor(private readonly _imodel: IModelDb) {}

  /**
   * Finds or inserts the SubCategory of a representation, such as `Axis`. It is not shown until someone switches it on, unless
   * the type has nothing but lines.
   */
  public subCategoryId(categoryId: Id64String, name: string, className: string): Id64String {
    const key = `${categoryId} ${name}`;
    let id = this._ids.get(key);
    if (id === undefined)
      this._ids.set(key, (id = this._find(categoryId, name) ?? this._insert(categoryId, name, className)));
    return id;
  }

  /** The font of texts. */
  public async fontId(): Promise<FontId> {
    return (this._font ??= this._imodel.fonts.acquireId(font));
  }

  private _find(categoryId: Id64String, name: string): Id64String | undefined {
    return this._imodel.elements.queryElementIdByCode(SubCategory.createCode(this._imodel, categoryId, name));
  }

  private _insert(categoryId: Id64String, name: string, className: string): Id64String {
    return SubCategory.insert(this._imodel, categoryId, name, { color, invisible: !areShown(className, name) });
  }
}
