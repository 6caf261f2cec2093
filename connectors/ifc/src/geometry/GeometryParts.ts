import { GeometryPart } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, ElementGeometry, type GeometryPartProps } from "@itwin/core-common";
import { Transform } from "@itwin/core-geometry";
import { ItemState, type SourceItem, type Synchronizer } from "itwin-connector-framework";
import type { PlacedMesh } from "../model/records.js";
import { polyfaceOf } from "./polyface.js";

/** The kind of shared geometries in provenance. */
const kind = "IfcRepresentationMap";

/**
 * The GeometryParts of meshes that several entities show, known by their content: one that the iModel has is used again,
 * and one that no entity shows any more is deleted like any other item that was not seen.
 */
export class GeometryParts {
  public constructor(
    private readonly _synchronizer: Synchronizer,
    private readonly _scopeId: Id64String,
    private readonly _modelId: Id64String,
  ) {}

  /** Notes that entities of the source still show a geometry. */
  public keep(key: string): void {
    const known = this._synchronizer.findItem(this._scopeId, kind, key);
    if (known?.isSeen === false) this._synchronizer.detectChanges(this._scopeId, kind, itemOf(key));
  }

  /** Finds or inserts a part. */
  public idOf(key: string, mesh: PlacedMesh): Id64String {
    this.keep(key);
    return this._synchronizer.findItem(this._scopeId, kind, key)?.elementId ?? this._insert(key, mesh);
  }

  private _insert(key: string, mesh: PlacedMesh): Id64String {
    const builder = new ElementGeometry.Builder();
    builder.appendGeometryQuery(polyfaceOf(mesh, Transform.createIdentity()));
    const element = this._synchronizer.imodel.constructEntity<GeometryPart, GeometryPartProps>({
      classFullName: GeometryPart.classFullName,
      model: this._modelId,
      code: Code.createEmpty(),
    });
    Object.assign(element, { elementGeometryBuilderParams: { entryArray: builder.entries } });
    this._synchronizer.updateIModel({ element, itemState: ItemState.New }, this._scopeId, itemOf(key), kind);
    return element.id;
  }
}

/** The key says all there is to say of the content. */
function itemOf(key: string): SourceItem {
  return { id: key, checksum: key };
}
