import type { GeometricElement, IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { eachRow } from "itwin-connector-framework/internal";

/** What is said of an element with such geometry. */
export const damagedGeometry = "its geometry is damaged: its data are cut off or overwritten";

/**
 * Elements whose geometry stream, or that of a GeometryPart in it, is cut off or overwritten. The platform would read beyond
 * the end of the stream, and the process would die of it. Damage within a stream that has its right length is not found.
 */
export class DamagedGeometry {
  private readonly _elements: ReadonlySet<Id64String>;
  private readonly _parts: ReadonlySet<Id64String>;

  public constructor(private readonly _imodel: IModelDb) {
    this._elements = new Set([...this._find("bis.GeometricElement3d"), ...this._find("bis.GeometricElement2d")]);
    this._parts = new Set(this._find("bis.GeometryPart"));
  }

  public has(elementId: Id64String): boolean {
    return this._elements.has(elementId) || (this._parts.size > 0 && this._usesDamagedPart(elementId));
  }

  /** Nothing but the stream itself tells which parts it uses. */
  private _usesDamagedPart(id: Id64String): boolean {
    const { geom = [] } = this._imodel.elements.getElement<GeometricElement>({ id, wantGeometry: true });
    return geom.some(({ geomPart }) => geomPart !== undefined && this._parts.has(geomPart.part));
  }

  /** Most streams are one chunk, whose length SQL can check; those of several are read. */
  private _find(className: string): Id64String[] {
    const length = "length(GeometryStream)";
    const ecsql = `
      SELECT ECInstanceId, hex(GeometryStream) FROM ${className} WHERE GeometryStream IS NOT NULL
      AND hex(substr(GeometryStream, 1, 2))<>printf('%02X%02X', ${length} & 255, ${length} >> 8)`;
    const damaged: Id64String[] = [];
    eachRow(this._imodel, ecsql, [], (row) => {
      if (!isWhole(row.getValueString(1))) damaged.push(row.getValueId(0));
    });
    return damaged;
  }
}

/** Whether a stream, as hexadecimal digits, ends where its last chunk does. A chunk begins with its length in two bytes. */
function isWhole(stream: string): boolean {
  let place = 0;
  while (place < stream.length) {
    const length = Number.parseInt(stream.slice(place + 2, place + 4) + stream.slice(place, place + 2), 16);
    if (!(length > 2)) return false;
    place += 2 * length;
  }
  return place === stream.length;
}
