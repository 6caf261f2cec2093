import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { insertMultiAspect } from "../../imodel/native.js";
import { queryIds } from "../../imodel/queries.js";
import type { ElementAspects, NewAspectProps } from "../items/SourceItem.js";

/** Writes the aspects that elements have beside their provenance. */
export class AspectWriter {
  public constructor(private readonly _imodel: IModelDb) {}

  /** Gives a new element its aspects. */
  public insert(elementId: Id64String, { props }: ElementAspects): void {
    for (const aspect of props) this._insert(elementId, aspect);
  }

  /** Gives an element other aspects than it had. */
  public replace(elementId: Id64String, aspects: ElementAspects): void {
    const known = this._find(elementId, aspects.schemas);
    if (known.length > 0) this._imodel.elements.deleteAspect(known);
    this.insert(elementId, aspects);
  }

  private _find(elementId: Id64String, schemas: readonly string[]): Id64String[] {
    const ecsql = `
      SELECT aspect.ECInstanceId FROM bis.ElementMultiAspect aspect
      JOIN meta.ECClassDef class ON class.ECInstanceId=aspect.ECClassId
      JOIN meta.ECSchemaDef [schema] ON [schema].ECInstanceId=class.Schema.Id
      WHERE aspect.Element.Id=? AND [schema].Name IN (${schemas.map(() => "?").join(",")})`;
    return queryIds(this._imodel, ecsql, [elementId, ...schemas.map((text) => ({ text }))]);
  }

  private _insert(elementId: Id64String, props: NewAspectProps): void {
    try {
      insertMultiAspect(this._imodel, elementId, props);
    } catch (error) {
      throw new ConnectorError(
        "sync/aspect-refused",
        `Could not insert a ${props.classFullName} of element ${elementId}: ${messageOf(error)}`,
        { cause: error, advice: "Check that its schema was imported, and that it is a class of ElementMultiAspects." },
      );
    }
  }
}
