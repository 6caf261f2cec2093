import type { IfcFile } from "../IfcFile.js";

/** Attributes by which curves lead to those that they are made along. */
const basisAttributes = ["BaseCurve", "BasisCurve"] as const;

/** Knows which product shows the curve that a linear placement is measured along. */
export class CurveOwners {
  private _owners?: ReadonlyMap<number, number>;

  public constructor(private readonly _file: IfcFile) {}

  /** The product of the curve of an IfcLinearPlacement, such as an alignment. */
  public ofPlacement(id: number): number | undefined {
    const relative = this._file.reference(id, "RelativePlacement");
    const location = relative === undefined ? undefined : this._file.reference(relative, "Location");
    const curve = location === undefined ? undefined : this._file.reference(location, "BasisCurve");
    return curve === undefined ? undefined : (this._owners ??= this._findOwners()).get(curve);
  }

  private _findOwners(): Map<number, number> {
    const owners = new Map<number, number>();
    for (const product of this._file.all("IFCPOSITIONINGELEMENT"))
      for (const item of this._itemsOf(product)) this._add(owners, item, product);
    return owners;
  }

  private _add(owners: Map<number, number>, curve: number, product: number): void {
    if (owners.has(curve)) return;
    owners.set(curve, product);
    for (const attribute of basisAttributes) {
      const basis = this._file.reference(curve, attribute);
      if (basis !== undefined) this._add(owners, basis, product);
    }
  }

  private _itemsOf(product: number): number[] {
    const shape = this._file.reference(product, "Representation");
    const representations = shape === undefined ? [] : this._file.references(shape, "Representations");
    return representations.flatMap((representation) => this._file.references(representation, "Items"));
  }
}
