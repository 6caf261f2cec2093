import { SnapshotDb, type ECSqlStatement, type ElementAspect, type IModelDb } from "@itwin/core-backend";
import { DbResult, type Id64String } from "@itwin/core-bentley";
import { IModel, type ElementAspectProps, type ElementProps, type GeometricElementProps } from "@itwin/core-common";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Elements that every iModel has from its start. */
const given = new Set<Id64String>(["0x1", "0xe", "0x10"]);

/** What an iModel holds, in memory, so that the bare calls that write it can be measured by themselves. */
export class RawCopy {
  private readonly _schemaFolder = mkdtempSync(join(tmpdir(), "bench-ifc-"));
  private readonly _elements: { id: Id64String; element: Insertable<ElementProps>; modelClass?: string }[] = [];
  private readonly _aspects: Insertable<ElementAspectProps>[] = [];
  private readonly _links: { classFullName: string; sourceId: Id64String; targetId: Id64String }[] = [];

  public constructor(path: string) {
    const imodel = SnapshotDb.openFile(path);
    imodel.exportSchema({ schemaName: "Ifc", outputDirectory: this._schemaFolder });
    for (const id of idsOf(
      imodel,
      // Those of categories come with them, one number above.
      "SELECT ECInstanceId FROM bis.Element WHERE ECClassId IS NOT (bis.SubCategory) OR ECInstanceId<>Parent.Id+1 ORDER BY ECInstanceId",
    ))
      if (!given.has(id)) this._readElement(imodel, id);
    eachRow(imodel, "SELECT SourceECInstanceId s, TargetECInstanceId t, ec_classname(ECClassId) c FROM bis.ElementRefersToElements WHERE ec_classname(ECClassId) LIKE 'Ifc:%'", (row) => this._links.push({ classFullName: row.c!, sourceId: row.s!, targetId: row.t! })); // prettier-ignore
    imodel.close();
  }

  /** Writes it with bare calls of core-backend into a new iModel. */
  public async write(path: string): Promise<void> {
    const imodel = SnapshotDb.createEmpty(path, { rootSubject: { name: "raw" } });
    imodel.channels.addAllowedChannel("shared");
    await imodel.importSchemas([join(this._schemaFolder, "Ifc.01.00.00.ecschema.xml")]);
    const ids = new Map<Id64String, Id64String>([...given].map((id) => [id, id] as const));
    for (const { id, element, modelClass } of this._elements) {
      const newId = imodel.elements.insertElement(withIds(element, ids));
      ids.set(id, newId);
      ids.set(IModel.getDefaultSubCategoryId(id), IModel.getDefaultSubCategoryId(newId)); // which come with categories
      if (modelClass !== undefined)
        imodel.models.insertModel({ classFullName: modelClass, modeledElement: { id: newId } });
    }
    for (const aspect of this._aspects) imodel.elements.insertAspect(withIds(aspect, ids));
    for (const { classFullName, sourceId, targetId } of this._links)
      imodel.relationships.insertInstance({
        classFullName,
        sourceId: ids.get(sourceId)!,
        targetId: ids.get(targetId)!,
      });
    imodel.saveChanges();
    imodel.close();
  }

  private _readElement(imodel: IModelDb, id: Id64String): void {
    const props = imodel.elements.getElementProps<GeometricElementProps>({ id, wantGeometry: true });
    delete props.federationGuid;
    delete props.id;
    const modelClass = imodel.models.tryGetModelProps(id)?.classFullName;
    this._elements.push({ id, element: insertable(props), modelClass });
    for (const aspect of imodel.elements.getAspects(id)) this._aspects.push(insertable(aspectProps(aspect)));
  }
}

/** A place in props where the id of another element stands. */
interface IdPlace {
  holder: Record<string, unknown>;
  key: string;
  id: Id64String;
}

/** Props that can be inserted when the ids in them are those of the copy. */
interface Insertable<T> {
  props: T;
  places: readonly IdPlace[];
}

const referenceKeys = new Set(["id", "model", "category", "part", "scope", "subCategory", "modelSelectorId", "categorySelectorId", "displayStyleId"]); // prettier-ignore

function insertable<T extends object>(props: T): Insertable<T> {
  const places: IdPlace[] = [];
  collect(props, places);
  return { props, places };
}

function collect(holder: object, places: IdPlace[]): void {
  for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
    if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) collect(value, places);
    else if (typeof value === "string" && referenceKeys.has(key))
      places.push({ holder: holder as Record<string, unknown>, key, id: value });
  }
}

function withIds<T>({ props, places }: Insertable<T>, ids: ReadonlyMap<Id64String, Id64String>): T {
  for (const { holder, key, id } of places) holder[key] = ids.get(id) ?? id;
  return props;
}

function aspectProps(aspect: ElementAspect): ElementAspectProps {
  const props = aspect.toJSON();
  delete props.id;
  return props;
}

function idsOf(imodel: IModelDb, ecsql: string): Id64String[] {
  const ids: Id64String[] = [];
  eachRow(imodel, ecsql, ({ id }) => ids.push(id!));
  return ids;
}

function eachRow(imodel: IModelDb, ecsql: string, visit: (row: Record<string, string | undefined>) => void): void {
  imodel.withPreparedStatement(ecsql, (statement: ECSqlStatement) => {
    while (statement.step() === DbResult.BE_SQLITE_ROW) visit(statement.getRow() as Record<string, string>);
  });
}
