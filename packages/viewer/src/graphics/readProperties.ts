import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { queryRows, queryRowsOfIds, readLabel } from "itwin-connector-framework/internal";

/** What a click on an element tells: who it is, and where it came from. */
export interface ElementProperties {
  readonly id: Id64String;
  readonly label: string;
  /** Such as `BisCore:PhysicalElement`. */
  readonly class: string;
  readonly category: string;
  readonly model: string;
  readonly code: string;
  readonly federationGuid: string;
  /** The first source item that the element stands for. Empty where there is none. */
  readonly sourceIdentifier: string;
  readonly sourceKind: string;
  readonly sourceDocument: string;
}

/** Reads the properties of elements. Names of classes, categories, models and documents are read once. */
export class PropertyReader {
  private readonly _names = new Map<Id64String, string>();
  private readonly _classes = new Map<Id64String, string>();

  public constructor(private readonly _imodel: IModelDb) {}

  /** The properties of elements, in the same order. */
  public read(ids: readonly Id64String[], is2d: boolean): ElementProperties[] {
    const found = new Map<Id64String, ElementProperties>();
    const className = is2d ? "bis.GeometricElement2d" : "bis.GeometricElement3d";
    const ecsqlOf = (list: string) => `
      SELECT e.ECInstanceId, e.UserLabel, e.ECClassId, e.Category.Id, e.Model.Id, e.CodeValue, e.FederationGuid,
        a.Identifier, a.Kind, a.Scope.Id
      FROM ${className} e LEFT JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId
      WHERE e.ECInstanceId IN (${list})`;
    queryRowsOfIds(this._imodel, ids, ecsqlOf, (row) => {
      const id = row.getValueId(0);
      if (found.has(id)) return; // an element can stand for several items
      const text = (column: number) => (row.isValueNull(column) ? "" : row.getValueString(column));
      found.set(id, {
        id,
        label: text(1),
        class: this._classOf(row.getValueId(2)),
        category: this._nameOf(row.getValueId(3)),
        model: this._nameOf(row.getValueId(4)),
        code: text(5),
        federationGuid: row.isValueNull(6) ? "" : row.getValueGuid(6),
        sourceIdentifier: text(7),
        sourceKind: text(8),
        sourceDocument: row.isValueNull(7) ? "" : this._nameOf(row.getValueId(9)),
      });
    });
    return ids.map((id) => found.get(id)).filter((properties) => properties !== undefined);
  }

  private _classOf(id: Id64String): string {
    return remember(this._classes, id, () => {
      const ecsql = "SELECT ec_classname(ECInstanceId) FROM meta.ECClassDef WHERE ECInstanceId=?";
      return queryRows(this._imodel, ecsql, [id], (row) => row.getValueString(0))[0] ?? id;
    });
  }

  private _nameOf(id: Id64String): string {
    return remember(this._names, id, () => readLabel(this._imodel, id) ?? id);
  }
}

function remember(names: Map<Id64String, string>, id: Id64String, read: () => string): string {
  let name = names.get(id);
  if (name === undefined) names.set(id, (name = read()));
  return name;
}
