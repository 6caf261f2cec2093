import type { IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { eachRow, eachRowInTurns, idOrUndefined } from "../imodel/queries.js";
import type { SchemaCatalog } from "./SchemaCatalog.js";

/** What one ExternalSourceAspect says of the item that an element stands for. */
export interface ItemIdentity {
  readonly scopeId: Id64String;
  readonly kind: string;
  readonly identifier: string;
}

/** What identifies an element. */
export interface ElementIdentity {
  readonly id: Id64String;
  readonly className: string;
  readonly modelId: Id64String;
  readonly parentId?: Id64String;
  /** The name of its CodeSpec. */
  readonly codeSpec: string;
  readonly codeScopeId: Id64String;
  /** Undefined where the code is empty. */
  readonly codeValue?: string;
  readonly federationGuid?: string;
  readonly userLabel?: string;
  /** The items that it stands for, oldest first. */
  items?: ItemIdentity[];
}

/** The elements of an iModel by what identifies them, in the order of their ids. */
export class ElementTable {
  public readonly elements: ElementIdentity[] = [];
  private readonly _indexes = new Map<Id64String, number>();
  private readonly _codeSpecs = new Map<Id64String, string>();
  private readonly _fonts = new Map<number, string>();

  private constructor(imodel: IModelDb) {
    eachRow(imodel, "SELECT ECInstanceId, Name FROM bis.CodeSpec", [], (row) => {
      this._codeSpecs.set(row.getValueId(0), row.getValueString(1));
    });
    for (const font of imodel.fonts.queryMappedFamilies({ includeNonEmbedded: true }))
      this._fonts.set(font.id, `${font.name} (${font.type})`);
  }

  /** Reads the elements of an iModel. */
  public static async read(imodel: IModelDb, catalog: SchemaCatalog): Promise<ElementTable> {
    const table = new ElementTable(imodel);
    await table._readElements(imodel, catalog);
    await table._readItems(imodel);
    return table;
  }

  /** The place of an element in `elements`, or undefined if it is not there. */
  public indexOf(id: Id64String): number | undefined {
    return this._indexes.get(id);
  }

  /** The element at a place. */
  public at(index: number): ElementIdentity {
    return expectDefined(this.elements[index]);
  }

  /** The element with an id, or undefined if there is none. */
  public find(id: Id64String): ElementIdentity | undefined {
    const index = this._indexes.get(id);
    return index === undefined ? undefined : this.elements[index];
  }

  /** The name of a CodeSpec. */
  public codeSpecName(id: Id64String): string {
    return this._codeSpecs.get(id) ?? id;
  }

  /** The name of a font with its type, or undefined if there is none with the number. */
  public fontName(id: number): string | undefined {
    return this._fonts.get(id);
  }

  private async _readElements(imodel: IModelDb, catalog: SchemaCatalog): Promise<void> {
    const ecsql = `
      SELECT ECInstanceId, ECClassId, Model.Id, Parent.Id, CodeSpec.Id, CodeScope.Id, CodeValue, FederationGuid, UserLabel
      FROM bis.Element ORDER BY ECInstanceId`;
    await eachRowInTurns(imodel, ecsql, (row) => {
      const id = row.getValueId(0);
      this._indexes.set(id, this.elements.length);
      this.elements.push({
        id,
        className: catalog.classOf(row.getValueId(1)).name,
        modelId: row.getValueId(2),
        parentId: idOrUndefined(row, 3),
        codeSpec: this.codeSpecName(row.getValueId(4)),
        codeScopeId: row.getValueId(5),
        codeValue: row.getValueStringMaybe(6) || undefined,
        federationGuid: row.isValueNull(7) ? undefined : row.getValueGuid(7),
        userLabel: row.getValueStringMaybe(8) || undefined,
      });
    });
  }

  private async _readItems(imodel: IModelDb): Promise<void> {
    const ecsql = "SELECT Element.Id, Scope.Id, Kind, Identifier FROM bis.ExternalSourceAspect ORDER BY ECInstanceId";
    await eachRowInTurns(imodel, ecsql, (row) => {
      const element = this.find(row.getValueId(0));
      const item = {
        scopeId: row.getValueId(1),
        kind: row.getValueStringMaybe(2) ?? "",
        identifier: row.getValueStringMaybe(3) ?? "",
      };
      if (element !== undefined) (element.items ??= []).push(item);
    });
  }
}

/** The element as a person recognizes it: by its item, else its code, else its label, else its class and id. */
export function labelOf(element: ElementIdentity): string {
  const item = element.items?.[0];
  if (item !== undefined) return `${item.kind} "${item.identifier}"`;
  const className = element.className.slice(element.className.indexOf(":") + 1);
  const name = element.codeValue ?? element.userLabel;
  return name === undefined ? `${className} ${element.id}` : `${className} "${name}"`;
}
