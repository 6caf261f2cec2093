import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { ClassIndex, ClassInfo } from "./ClassIndex.js";
import type { PropertyInfo } from "./PropertyInfo.js";
import { idIn, readRows, rowsPerQuery, scanRows, type Row } from "./rows.js";
import type { PropertyUnit, Units } from "./Units.js";
import { isReadable, selectOf, valueOf, type Value } from "./values.js";

/** A property that is read, with its unit. */
export interface Column extends PropertyInfo {
  readonly unit?: PropertyUnit;
}

/** Whether a property is one of BIS, such as the origin of a placement, and not of the source. */
export function isOfBis({ declaredBy }: PropertyInfo): boolean {
  return declaredBy.startsWith("BisCore:");
}

/** What a property is called in a table: as the source calls it, or by the name that BIS has for it. */
export function headingOf(property: PropertyInfo): string {
  return isOfBis(property) ? property.name : property.label;
}

/** An instance with the values of its columns. */
export interface Instance {
  readonly id: Id64String;
  readonly values: readonly Value[];
}

/** Properties of BIS that are not shown among others: they are told apart from them, or say nothing to a person. */
const structural: ReadonlySet<string> = new Set(
  [
    "BisCore:Element.Model LastMod CodeSpec CodeScope CodeValue UserLabel Parent FederationGuid JsonProperties",
    "BisCore:GeometricElement3d.Category GeometryStream InSpatialIndex",
    "BisCore:GeometricElement2d.Category GeometryStream",
    "BisCore:ElementUniqueAspect.Element",
    "BisCore:ElementMultiAspect.Element",
  ].flatMap((line) => {
    const [className = "", names = ""] = line.split(".");
    return names.split(" ").map((name) => `${className}.${name}`);
  }),
);

/** Reads the properties of elements and aspects, all that their classes have. */
export class PropertyReader {
  private readonly _columns = new Map<ClassInfo, Promise<readonly Column[]>>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _classes: ClassIndex,
    private readonly _units: Units,
  ) {}

  /** The properties of a class that are read, without those that every element has. */
  public async columnsOf(info: ClassInfo): Promise<readonly Column[]> {
    let columns = this._columns.get(info);
    if (columns === undefined) this._columns.set(info, (columns = this._readColumns(info)));
    return columns;
  }

  /** Reads instances of exactly this class, by their ids. */
  public async read(info: ClassInfo, ids: readonly Id64String[]): Promise<Map<Id64String, Instance>> {
    const found = new Map<Id64String, Instance>();
    const columns = await this.columnsOf(info);
    for (let start = 0; start < ids.length; start += rowsPerQuery) {
      const list = ids.slice(start, start + rowsPerQuery).join(",");
      const ecsql = `${selectFrom(info, columns)} WHERE e.ECInstanceId IN (${list})`;
      for (const row of await readRows(this._imodel, ecsql)) found.set(idIn(row, 0), instanceOf(row, columns));
    }
    return found;
  }

  /** Reads all elements of exactly this class in the order of their ids. */
  public async *readAll(info: ClassInfo): AsyncGenerator<Instance> {
    const columns = await this.columnsOf(info);
    const ecsql = `${selectFrom(info, columns)} WHERE e.ECInstanceId>? ORDER BY e.ECInstanceId`;
    for await (const row of scanRows(this._imodel, ecsql)) yield instanceOf(row, columns);
  }

  private async _readColumns(info: ClassInfo): Promise<Column[]> {
    const shown = this._classes
      .propertiesOf(info)
      .filter((property) => isReadable(property) && !isStructural(property));
    return Promise.all(shown.map(async (property) => ({ ...property, unit: await this._units.of(property) })));
  }
}

function isStructural({ declaredBy, name }: PropertyInfo): boolean {
  return structural.has(`${declaredBy}.${name}`);
}

/** The id, and the columns. `ONLY` leaves out subclasses. */
function selectFrom({ ecsql }: ClassInfo, columns: readonly Column[]): string {
  return `SELECT ${["e.ECInstanceId", ...columns.map((column) => selectOf(column, "e"))].join()} FROM ONLY ${ecsql} e`;
}

function instanceOf(row: Row, columns: readonly Column[]): Instance {
  return { id: idIn(row, 0), values: columns.map(({ type }, index) => valueOf(row[index + 1], type)) };
}
