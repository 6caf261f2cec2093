import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ElementTable } from "./ElementTable.js";
import { Fingerprints } from "./Fingerprints.js";
import { geometryText } from "./geometry.js";
import { eachInstance, families, type Family, type Instance } from "./Instances.js";
import type { References } from "./References.js";
import { SchemaCatalog } from "./SchemaCatalog.js";
import { readText, type ValueContext } from "./values.js";

/** One of the two iModels. */
export class Side {
  private constructor(
    public readonly imodel: IModelDb,
    public readonly catalog: SchemaCatalog,
    public readonly table: ElementTable,
  ) {}

  public static async read(imodel: IModelDb): Promise<Side> {
    const catalog = new SchemaCatalog(imodel);
    return new Side(imodel, catalog, await ElementTable.read(imodel, catalog));
  }

  /**
   * Computes fingerprints of elements with all that belongs to them: properties, aspects, geometry, the model of an
   * element. The same fingerprint means that nothing differs; another one, that something may differ.
   * @param only - the elements to look at; by default all
   */
  public async fingerprints(references: References, only?: Id64String[]): Promise<Fingerprints> {
    const fingerprints = new Fingerprints(this.table.elements.length);
    const context = { catalog: this.catalog, references };
    for (const family of Object.values(families))
      await this.eachOf(family, only, (instance) => {
        const index = this.table.indexOf(instance.leading[0]);
        if (index !== undefined) fingerprints.add(index, `${family.root} ${this._instanceText(instance, context)}`);
      });
    return fingerprints;
  }

  /** Hands all instances of a family to `visit`, or those that belong to some elements. */
  public async eachOf(
    { root, owner }: Family,
    only: Id64String[] | undefined,
    visit: (instance: Instance) => void,
  ): Promise<void> {
    await eachInstance(this.imodel, this.catalog, { root, leading: [owner], only }, visit);
  }

  private _instanceText(instance: Instance, context: ValueContext): string {
    const text = instanceText(instance, context);
    const hasGeometry = instance.columns.some(
      ({ kind }, index) => kind === "geometry" && !instance.row.isValueNull(instance.offset + index),
    );
    return hasGeometry ? `${text}\n${geometryText(this.imodel, instance.id, context.references)}` : text;
  }
}

/** The class and the values of an instance as text. Values that are null are left out, as if the class had none. */
export function instanceText({ type, columns, row, offset }: Instance, context: ValueContext): string {
  let text = type.name;
  columns.forEach((column, index) => {
    const value = readText(row, offset + index, column, context);
    if (value !== undefined) text += `\n${column.name}=${value}`;
  });
  return text;
}
