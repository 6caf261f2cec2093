import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ClassIndex, type ClassInfo } from "./ClassIndex.js";
import { PropertyReader } from "./PropertyReader.js";
import { Provenance } from "./Provenance.js";
import { Units } from "./Units.js";
import { idIn, readRows, numberIn } from "./rows.js";

/** How many elements are of each class, by the ids of classes; subclasses do not count. */
export type ClassCounts = ReadonlyMap<Id64String, number>;

/** An iModel that is open for reading, with what is read of it once: its classes, units, documents and jobs. */
export class ModelContents {
  private _counts?: Promise<ClassCounts>;

  private constructor(
    public readonly imodel: IModelDb,
    public readonly classes: ClassIndex,
    public readonly provenance: Provenance,
    public readonly properties: PropertyReader,
  ) {}

  /** Reads classes, documents and jobs. */
  public static async read(imodel: IModelDb): Promise<ModelContents> {
    const [classes, provenance] = [await ClassIndex.read(imodel), await Provenance.read(imodel)];
    const properties = new PropertyReader(imodel, classes, new Units(imodel));
    return new ModelContents(imodel, classes, provenance, properties);
  }

  /** Counts the elements of each class, once. */
  public async counts(): Promise<ClassCounts> {
    this._counts ??= countElements(this.imodel);
    return this._counts;
  }

  /** The classes that have elements of their own and are, or are derived from, a class. */
  public async classesWithElements(className: string): Promise<ClassInfo[]> {
    const counts = await this.counts();
    const { name } = this.classes.named(className);
    return [...counts.keys()].map((id) => this.classes.get(id)).filter((info) => this.classes.isA(info, name));
  }
}

async function countElements(imodel: IModelDb): Promise<ClassCounts> {
  const rows = await readRows(imodel, "SELECT ECClassId, count(*) FROM bis.Element GROUP BY ECClassId");
  return new Map(rows.map((row) => [idIn(row, 0), numberIn(row, 1)]));
}
