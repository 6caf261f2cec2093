import type { DanglingReference } from "../step/StepFile.js";
import { referencesIn } from "../step/StepValue.js";
import type { IfcFile } from "./IfcFile.js";
import { entityName } from "./entityName.js";
import type { ReportedIssue } from "./records.js";

/** So many references are reported one by one. */
const mostReported = 100;

/** Types whose shape is right without what is missing: each of its items stands for itself. */
const ofIndependentItems: ReadonlySet<string> = new Set([
  "IFCSHAPEREPRESENTATION",
  "IFCPRODUCTDEFINITIONSHAPE",
  "IFCGEOMETRICREPRESENTATIONCONTEXT",
  "IFCGEOMETRICREPRESENTATIONSUBCONTEXT",
]);

/** Attributes of an entity that decide where it is and what it looks like. */
const ofGeometry: readonly string[] = ["ObjectPlacement", "Representation"];

/** The references of a file that lead nowhere, and what becomes of the geometry that needs them. */
export class DanglingReferences {
  private readonly _of = new Map<number, DanglingReference[]>();
  private readonly _known = new Map<number, DanglingReference | undefined>();

  public constructor(private readonly _file: IfcFile) {
    for (const dangling of _file.step.dangling) {
      const known = this._of.get(dangling.from);
      if (known === undefined) this._of.set(dangling.from, [dangling]);
      else known.push(dangling);
    }
  }

  /** Tells the user of each of them. */
  public get issues(): ReportedIssue[] {
    const { dangling } = this._file.step;
    const messages = dangling
      .slice(0, mostReported)
      .map(
        (reference) =>
          `${this._describe(reference)}, which is not in the file. ${reference.isInList ? "It is left out of the list." : "The attribute is read as empty."}`,
      );
    const others = dangling.length - messages.length;
    if (others > 0) messages.push(`${others} other references lead to instances that are not in the file, either.`);
    return messages.map((message) => ({ code: "ifc/dangling", message }));
  }

  /**
   * Why an entity can have no geometry: web-ifc would put it somewhere else, or give it another shape.
   * @returns a part of a sentence; undefined where nothing is missing
   */
  public whyWithoutGeometry(id: number): string | undefined {
    if (this._of.size === 0) return undefined;
    const own = this._of.get(id)?.find(({ attribute }) => ofGeometry.includes(this._attributeName(id, attribute)));
    const broken = own ?? this._firstOf(ofGeometry.flatMap((attribute) => this._file.references(id, attribute)));
    return broken === undefined ? undefined : this._describe(broken);
  }

  private _firstOf(ids: Iterable<number>): DanglingReference | undefined {
    for (const id of ids) {
      const broken = this._brokenIn(id);
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  /** The dangling reference that an instance leads to. */
  private _brokenIn(id: number): DanglingReference | undefined {
    if (this._known.has(id)) return this._known.get(id);
    this._known.set(id, undefined); // a circle has no end, and is found elsewhere
    const type = this._file.typeOf(id);
    const [own] = ofIndependentItems.has(type) ? [] : (this._of.get(id) ?? []);
    const broken = own ?? this._firstOf(this._file.step.valuesOf(id).flatMap((value) => [...referencesIn(value)]));
    this._known.set(id, broken);
    return broken;
  }

  private _describe({ from, attribute, to }: DanglingReference): string {
    return `${this._attributeName(from, attribute)} of ${entityName(this._file, from)} refers to #${to}`;
  }

  private _attributeName(id: number, attribute: number): string {
    return this._file.schema.attributesOf(this._file.typeOf(id))[attribute]?.name ?? `Value ${attribute + 1}`;
  }
}
