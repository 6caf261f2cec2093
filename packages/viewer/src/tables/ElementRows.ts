import type { Id64String } from "@itwin/core-bentley";
import type { ClassInfo } from "../elements/ClassIndex.js";
import { readAspectIds } from "../elements/describeElement.js";
import type { ModelContents } from "../elements/ModelContents.js";
import type { Column, Instance } from "../elements/PropertyReader.js";
import type { ItemProvenance } from "../elements/Provenance.js";
import { readLinks } from "../elements/links.js";
import { idIn, readRows, readRowsOfIds, rowsPerQuery, textIn } from "../elements/rows.js";
import type { Value } from "../elements/values.js";

/** The columns of a class. */
export interface ClassColumns {
  readonly info: ClassInfo;
  readonly columns: readonly Column[];
}

/** All columns that rows may have. */
export interface TableColumns {
  readonly elements: readonly ClassColumns[];
  readonly aspects: readonly ClassColumns[];
}

/** What all elements have. */
export interface ElementBase {
  readonly id: Id64String;
  readonly label?: string;
  readonly code?: string;
  readonly federationGuid?: string;
  /** The name of the model. */
  readonly model?: string;
  /** The name of the category. */
  readonly category?: string;
  /** The id of the parent. */
  readonly parent?: Id64String;
  readonly lastModified?: string;
}

/** Values in the order of the columns of a class. */
export interface RowPart extends ClassColumns {
  readonly values: readonly Value[];
}

/** An element with all that is written of it. */
export interface ElementRow {
  readonly base: ElementBase;
  readonly element: RowPart;
  readonly aspects: readonly RowPart[];
  readonly provenance: readonly ItemProvenance[];
}

/** Elements of a class: all, or those of some ids. */
export interface Selection {
  readonly info: ClassInfo;
  /** In order. Undefined for all. */
  readonly ids?: readonly Id64String[];
  readonly count: number;
}

/** Reads elements with their properties, aspects and provenance, some at a time. */
export class ElementRows {
  private readonly _names = new Map<Id64String, string>();

  public constructor(
    private readonly _contents: ModelContents,
    private readonly _selections: readonly Selection[],
  ) {}

  /** How many elements there are. */
  public get total(): number {
    return this._selections.reduce((sum, { count }) => sum + count, 0);
  }

  /** The columns of the classes, and those of the aspects that their elements may have. */
  public async readColumns(): Promise<TableColumns> {
    const elements = this._selections.map(({ info }) => info);
    const aspects = new Map<Id64String, ClassInfo>();
    for (const info of elements)
      for (const base of ["ElementUniqueAspect", "ElementMultiAspect"]) {
        const ecsql = `
          SELECT DISTINCT a.ECClassId FROM bis.${base} a
          JOIN ONLY ${info.ecsql} e ON e.ECInstanceId=a.Element.Id`;
        for (const row of await readRows(this._contents.imodel, ecsql)) {
          const aspect = this._contents.classes.get(idIn(row, 0));
          if (aspect.name !== "BisCore:ExternalSourceAspect") aspects.set(aspect.id, aspect);
        }
      }
    const withColumns = async (infos: Iterable<ClassInfo>) =>
      Promise.all([...infos].map(async (info) => ({ info, columns: await this._columnsOf(info) })));
    return { elements: await withColumns(elements), aspects: await withColumns(aspects.values()) };
  }

  /** All rows, class by class in the order of ids, in batches. */
  public async *read(): AsyncGenerator<ElementRow[]> {
    for (const selection of this._selections)
      for await (const instances of this._batchesOf(selection)) yield await this._complete(selection.info, instances);
  }

  private async *_batchesOf({ info, ids }: Selection): AsyncGenerator<Instance[]> {
    if (ids === undefined) yield* batches(this._contents.properties.readAll(info));
    else
      for (let start = 0; start < ids.length; start += rowsPerQuery) {
        const batch = ids.slice(start, start + rowsPerQuery);
        const found = await this._contents.properties.read(info, batch);
        yield batch.map((id) => found.get(id)).filter((instance) => instance !== undefined);
      }
  }

  private async _complete(info: ClassInfo, instances: readonly Instance[]): Promise<ElementRow[]> {
    const ids = instances.map(({ id }) => id);
    const [bases, aspects] = [await this._readBases(info, ids), await this._readAspects(ids)];
    const provenance = await this._contents.provenance.of(ids);
    const columns = await this._columnsOf(info);
    return instances.map(({ id, values }) => ({
      base: bases.get(id) ?? { id },
      element: { info, columns, values },
      aspects: aspects.get(id) ?? [],
      provenance: provenance.get(id) ?? [],
    }));
  }

  /** The category is shown apart, since every element has one. */
  private async _columnsOf(info: ClassInfo): Promise<readonly Column[]> {
    return this._contents.properties.columnsOf(info);
  }

  private async _readBases(info: ClassInfo, ids: readonly Id64String[]): Promise<Map<Id64String, ElementBase>> {
    const { imodel, classes } = this._contents;
    const geometric = ["GeometricElement3d", "GeometricElement2d"].find((name) => classes.isA(info, `BisCore:${name}`));
    const ecsqlOf = (list: string) => `
      SELECT ECInstanceId, UserLabel, CodeValue, FederationGuid, Parent.Id, LastMod, Model.Id,
        ${geometric === undefined ? "NULL" : "Category.Id"}
      FROM bis.${geometric ?? "Element"} WHERE ECInstanceId IN (${list})`;
    const rows = await readRowsOfIds(imodel, ids, ecsqlOf);
    await this._learnNames(rows.flatMap((row) => [textIn(row, 6), textIn(row, 7)]));
    const nameOf = (id: Id64String | undefined) => (id === undefined ? undefined : this._names.get(id));
    return new Map(
      rows.map((row) => {
        const id = idIn(row, 0);
        const [label, code, federationGuid] = [textIn(row, 1), textIn(row, 2), textIn(row, 3)];
        const [parent, lastModified] = [textIn(row, 4), textIn(row, 5)];
        const [model, category] = [nameOf(textIn(row, 6)), nameOf(textIn(row, 7))];
        return [id, { id, label, code, federationGuid, model, category, parent, lastModified }];
      }),
    );
  }

  /** There are few models and categories; each is read once. */
  private async _learnNames(ids: readonly (Id64String | undefined)[]): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => id !== undefined && !this._names.has(id)) as Id64String[];
    for (const [id, { label }] of await readLinks(this._contents, unknown)) this._names.set(id, label);
  }

  private async _readAspects(ids: readonly Id64String[]): Promise<Map<Id64String, RowPart[]>> {
    const parts = new Map<Id64String, RowPart[]>();
    for (const [info, found] of await readAspectIds(this._contents, ids)) {
      const columns = await this._columnsOf(info);
      const aspectIds = found.map(({ aspectId }) => aspectId);
      const instances = await this._contents.properties.read(info, aspectIds);
      for (const { aspectId, elementId } of found) {
        const of = parts.get(elementId) ?? [];
        of.push({ info, columns, values: instances.get(aspectId)?.values ?? [] });
        parts.set(elementId, of);
      }
    }
    return parts;
  }
}

async function* batches(instances: AsyncGenerator<Instance>): AsyncGenerator<Instance[]> {
  let batch: Instance[] = [];
  for await (const instance of instances) {
    batch.push(instance);
    if (batch.length < rowsPerQuery) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
