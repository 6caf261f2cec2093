import { hash } from "node:crypto";
import { InstanceSet } from "../step/InstanceSet.js";
import type { StepFile } from "../step/StepFile.js";
import { StepEnum, StepReference, StepTyped, type StepValue } from "../step/StepValue.js";
import { expectDefined } from "../expectDefined.js";
import { backReferenceOf } from "./Attachments.js";
import { DigestStore } from "./DigestStore.js";
import type { IfcSchema } from "./IfcSchema.js";

/** Attributes that are sets, of a type and its subtypes: their order means nothing, and programs write it as it comes. */
const sets: readonly (readonly [type: string, attribute: string])[] = [
  ["IFCPROPERTYSET", "HasProperties"],
  ["IFCELEMENTQUANTITY", "Quantities"],
  ["IFCCOMPLEXPROPERTY", "HasProperties"],
  ["IFCPHYSICALCOMPLEXQUANTITY", "HasQuantities"],
  ["IFCTYPEOBJECT", "HasPropertySets"],
  ["IFCPROJECT", "RepresentationContexts"],
  ["IFCREPRESENTATION", "Items"],
  ["IFCCONNECTEDFACESET", "CfsFaces"],
  ["IFCFACE", "Bounds"],
  ["IFCSHELLBASEDSURFACEMODEL", "SbsmBoundary"],
  ["IFCFACEBASEDSURFACEMODEL", "FbsmFaces"],
  ["IFCMANIFOLDSOLIDBREP", "Voids"],
  ["IFCARBITRARYPROFILEDEFWITHVOIDS", "InnerCurves"],
  ["IFCCOMPOSITEPROFILEDEF", "Profiles"],
  ["IFCGEOMETRICSET", "Elements"],
  ["IFCUNITASSIGNMENT", "Units"],
  ["IFCDERIVEDUNIT", "Elements"],
  ["IFCSTYLEDITEM", "Styles"],
  ["IFCPRESENTATIONSTYLEASSIGNMENT", "Styles"],
  ["IFCSURFACESTYLE", "Styles"],
  ["IFCFILLAREASTYLE", "FillStyles"],
  ["IFCMATERIALLIST", "Materials"],
  ["IFCMATERIALCONSTITUENTSET", "MaterialConstituents"],
  ["IFCMATERIALPROPERTIES", "Properties"],
  ["IFCEXTENDEDMATERIALPROPERTIES", "ExtendedProperties"],
  ["IFCPROFILEPROPERTIES", "Properties"],
  ["IFCDOCUMENTINFORMATION", "Editors"],
];

/** Attributes of IfcRoot that a re-export writes anew: the identifier, which an entity is known by, and who wrote it when. */
const ofTheExport = ["GlobalId", "OwnerHistory"];

/** A longer chain of references is refused: web-ifc would not come back from one either. */
const deepest = 2000;

/** Content up to this length, in characters, stands for itself: that is shorter than its hash, and costs none. */
const longestPlain = 40;

/** Which values of a type are left out of its content, and which one is a set, by their places. */
interface ContentLayout {
  readonly left: readonly number[];
  readonly set: number;
}

/** What else belongs to the content of instances than what they refer to. */
export interface HashContext {
  file: StepFile;
  schema: IfcSchema;
  /** The identifier of an instance that is an entity of its own; its content is not part of those that refer to it. */
  identifierOf(id: number): string | undefined;
  /** The attributes of an entity type, by their places, where other editions have another attribute in that place. */
  attributesInOtherPlaces(type: string): ReadonlyMap<number, string>;
  /** Instances that refer to one and decide how it looks, such as its style. */
  attachedTo(id: number): readonly number[];
}

/**
 * Hashes instances by what they say and all that they reach, whatever the numbers of their lines: two instances have the
 * same digest if and only if they say the same.
 */
export class ContentHasher {
  private readonly _digests = new DigestStore();
  /** How many instances were read. */
  private _work = 0;
  private readonly _active = new Set<number>();
  private readonly _cyclic = new Set<number>();
  private readonly _reached: InstanceSet;
  private readonly _layouts = new Map<string, ContentLayout>();

  public constructor(private readonly _context: HashContext) {
    this._reached = new InstanceSet(_context.file);
  }

  /** The digest of an instance. */
  public digestOf(id: number): string {
    const known = this._digests.get(id);
    if (known !== undefined) return known;
    this._reached.add(id);
    const before = this._work++;
    const digest = this._compute(id);
    this._digests.add(id, digest, this._work - before);
    return digest;
  }

  /** Whether references lead from an instance, known by its digest, into a circle, or on without an end in sight. */
  public isCyclic(id: number): boolean {
    return this._cyclic.has(id);
  }

  /** Whether an instance is part of the content of one that was hashed. */
  public hasReached(id: number): boolean {
    return this._reached.has(id);
  }

  /** A digest of digests whose order means nothing. */
  public digestOfSet(ids: readonly number[]): string {
    return ids
      .map((id) => this.digestOf(id))
      .sort()
      .join();
  }

  /** A hash of 128 bits. */
  public hash(text: string): string {
    return hash("sha256", text, "base64url").slice(0, 22);
  }

  /** The content of an entity: its values without those that only its export decides. */
  public contentOf(id: number): string {
    const type = expectDefined(this._context.file.typeOf(id));
    this._reached.add(id);
    return `${type}${this._meaningOf(id, type)}(${this._write(id, type).join()})`;
  }

  /** What values mean that would mean something else in another edition. */
  private _meaningOf(id: number, type: string): string {
    const names = this._context.attributesInOtherPlaces(type);
    if (names.size === 0) return "";
    const values = this._context.file.valuesOf(id);
    return [...names].flatMap(([index, name]) => (values[index] === null ? [] : [name])).join(" ");
  }

  private _compute(id: number): string {
    const type = this._context.file.typeOf(id);
    if (type === undefined) return `#missing`;
    this._active.add(id);
    const attached = this._context.attachedTo(id);
    const values = this._write(id, type);
    if (attached.length > 0)
      values.push(
        `{${attached
          .map((other) => this._refer(other, id))
          .sort()
          .join()}}`,
      );
    this._active.delete(id);
    const text = `${type}(${values.join()})`;
    return text.length <= longestPlain ? text : this.hash(text);
  }

  private _write(id: number, type: string): string[] {
    const { left, set } = this._layoutOf(type);
    const texts: string[] = [];
    for (const [index, value] of this._context.file.valuesOf(id).entries())
      if (!left.includes(index)) texts.push(index === set ? this._writeSet(value, id) : this._writeValue(value, id));
    return texts;
  }

  private _layoutOf(type: string): ContentLayout {
    let layout = this._layouts.get(type);
    if (layout === undefined) this._layouts.set(type, (layout = findLayout(this._context.schema, type)));
    return layout;
  }

  private _writeSet(value: StepValue, from: number): string {
    if (!Array.isArray(value)) return this._writeValue(value, from);
    const items = value as readonly StepValue[];
    return `(${items
      .map((item) => this._writeValue(item, from))
      .sort()
      .join()})`;
  }

  private _writeValue(value: StepValue, from: number): string {
    if (value === null) return "$";
    if (typeof value === "number") return String(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (value instanceof StepReference) return this._refer(value.id, from);
    if (value instanceof StepEnum) return `.${value.name}.`;
    if (value instanceof StepTyped) return `${value.type}(${this._writeValue(value.value, from)})`;
    return `(${value.map((item) => this._writeValue(item, from)).join()})`;
  }

  private _refer(id: number, from: number): string {
    const identifier = this._context.identifierOf(id);
    if (identifier !== undefined) return `@${JSON.stringify(identifier)}`;
    const isEndless = this._active.has(id) || this._active.size > deepest;
    const digest = isEndless ? "#circle" : this.digestOf(id);
    if (isEndless || this._cyclic.has(id)) this._cyclic.add(from);
    return digest;
  }
}

function findLayout(schema: IfcSchema, type: string): ContentLayout {
  const left = [backReferenceOf(schema, type), ...(schema.isA(type, "IFCROOT") ? ofTheExport : [])];
  const indexOf = (attribute: string | undefined) => (attribute === undefined ? -1 : schema.indexOf(type, attribute));
  return { left: left.map(indexOf), set: indexOf(setAttributeOf(schema, type)) };
}

/** The attribute of a type that is a set, so that the order of its members means nothing; undefined for a type without one. */
export function setAttributeOf(schema: IfcSchema, type: string): string | undefined {
  return sets.find(([owner, attribute]) => schema.isA(type, owner) && schema.indexOf(type, attribute) >= 0)?.[1];
}
