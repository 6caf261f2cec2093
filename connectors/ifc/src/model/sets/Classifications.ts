import type { IfcFile } from "../IfcFile.js";
import type { NamedValue, ValueSet } from "../NamedValue.js";
import type { ResourceValues } from "./ResourceValues.js";

/** References within each other deeper than this go in a circle. */
const deepest = 20;

/** What IFC2X3 calls an attribute that has another name in later editions. */
const renamed: Readonly<Record<string, string>> = { ItemReference: "Identification" };

/** Reads how an entity is classified. */
export class Classifications {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _resources: ResourceValues,
  ) {}

  /** The classification or the reference into one that an IfcRelAssociatesClassification gives, with the name of the system. */
  public read(id: number): ValueSet {
    const system = this._systemOf(id, 0);
    const name =
      system === undefined || system === id ? [] : this._resources.attribute(system, "Name", "Classification");
    const values = this._resources.attributes(id).map((value) => ({ ...value, label: laterName(value) }));
    return { name: this._file.schema.spell(this._file.typeOf(id)), values: [...name, ...values] };
  }

  /** The classification itself, above references to parts of it. */
  private _systemOf(id: number, depth: number): number | undefined {
    if (this._file.typeOf(id) === "IFCCLASSIFICATION") return id;
    const source = this._file.reference(id, "ReferencedSource");
    return source === undefined || depth > deepest ? undefined : this._systemOf(source, depth + 1);
  }
}

function laterName({ label }: NamedValue): string {
  return renamed[label] ?? label;
}
