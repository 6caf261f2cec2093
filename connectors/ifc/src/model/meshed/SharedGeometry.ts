import { referencesIn } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";

/** web-ifc makes a geometry of each of these, and not of the surface model that consists of them. */
const shells = new Set(["IFCCONNECTEDFACESET", "IFCOPENSHELL", "IFCCLOSEDSHELL"]);

/** Knows which geometries several entities show: those that IFC maps more than once. */
export class SharedGeometry {
  /** The items of maps that are used more than once. */
  private readonly _items = new Set<number>();
  private readonly _itemsOfMaps = new Map<number, readonly number[]>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _digestOf: (id: number) => string,
  ) {
    const uses = new Map<number, number>();
    for (const item of _file.all("IFCMAPPEDITEM")) {
      const map = _file.reference(item, "MappingSource");
      if (map !== undefined) uses.set(map, (uses.get(map) ?? 0) + 1);
    }
    for (const [map, count] of uses) if (count > 1) for (const item of this._itemsOf(map)) this._items.add(item);
  }

  /** The key of a shared geometry: the same for the same content. Undefined for one that is not shared. */
  public keyOf(geometry: number): string | undefined {
    return this._items.has(geometry) ? this._digestOf(geometry) : undefined;
  }

  /** The keys of all shared geometries that an entity may show. */
  public keysOf(id: number): string[] {
    const representation = this._file.reference(id, "Representation");
    const shapes = representation === undefined ? [] : this._file.references(representation, "Representations");
    const items = shapes.flatMap((shape) => this._file.references(shape, "Items"));
    const keys = items.flatMap((item) => this._mapped(item)).map((item) => this.keyOf(item));
    return [...new Set(keys.filter((key) => key !== undefined))];
  }

  private _mapped(item: number): readonly number[] {
    const map = this._file.reference(item, "MappingSource");
    return map === undefined ? [] : this._itemsOf(map);
  }

  private _itemsOf(map: number): readonly number[] {
    let items = this._itemsOfMaps.get(map);
    if (items === undefined) this._itemsOfMaps.set(map, (items = this._readItems(map)));
    return items;
  }

  private _readItems(map: number): number[] {
    const representation = this._file.reference(map, "MappedRepresentation");
    const items = representation === undefined ? [] : this._file.references(representation, "Items");
    return items.flatMap((item) => [item, ...this._shellsOf(item)]);
  }

  private _shellsOf(item: number): number[] {
    const parts = this._file.step.valuesOf(item).flatMap((value) => [...referencesIn(value)]);
    return parts.filter((part) => shells.has(this._file.typeOf(part)));
  }
}
