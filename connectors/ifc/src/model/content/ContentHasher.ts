import { hash } from "node:crypto";
import { expectDefined } from "../../expectDefined.js";
import { InstanceSet } from "../../step/InstanceSet.js";
import type { StepFile } from "../../step/StepFile.js";
import type { StepVisitor } from "../../step/walkValues.js";
import { backReferenceOf } from "../relations/Attachments.js";
import type { IfcSchema } from "../editions/IfcSchema.js";
import { ContentBuffer, marks } from "./ContentBuffer.js";
import { DigestStore } from "./DigestStore.js";
import { setAttributeOf } from "./setAttributes.js";

/** Attributes of IfcRoot that each export writes again: the identifier, which an entity is known by, and who wrote it when. */
const ofTheExport = ["GlobalId", "OwnerHistory"];

/** A longer chain of references is refused: web-ifc would not come back from one either. */
const deepest = 2000;

/** Content up to this length, in bytes, stands for itself: to read it again costs less than to find its digest. */
const longestPlain = 64;

/** What of a type belongs to its content. */
interface ContentLayout {
  readonly name: Buffer;
  /** The places of the values that are left out. */
  readonly left: readonly number[];
  /** The place of the one that is a set; -1 without any. */
  readonly set: number;
}

/** The instance that is being written. */
interface Frame {
  readonly place: number;
  readonly layout: ContentLayout;
  /** Whether the attribute is left out. */
  isLeft: boolean;
  /** Whether the attribute is a set. */
  isSet: boolean;
  /** In how many lists and types the value is. */
  depth: number;
  /** Where the members of the set begin. */
  members: number[];
}

/** What else belongs to the content of instances than what they refer to. */
export interface HashContext {
  file: StepFile;
  schema: IfcSchema;
  /** The instances that are entities of their own. Their content is not part of those that refer to them. */
  entities: InstanceSet;
  /** The identifier of an entity. */
  identifierOf(id: number): string;
  /** The attributes of an entity type, by their places, where other editions have another attribute in that place. */
  attributesInOtherPlaces(type: string): ReadonlyMap<number, string>;
  /** Instances that refer to one and decide how it looks, such as its style. */
  attachedTo(id: number): readonly number[];
}

/**
 * Hashes instances by what they say and all that they reach, whatever the numbers of their lines: two instances have the
 * same digest if and only if they say the same. The bytes of the file become bytes to hash without any objects between
 * them, because each run does that with the whole file.
 */
export class ContentHasher implements StepVisitor {
  private readonly _digests = new DigestStore();
  private readonly _content = new ContentBuffer();
  /** How many instances were read. */
  private _work = 0;
  /** How long the chain of references from the first instance to the present one is. */
  private _depth = 0;
  private readonly _active: InstanceSet;
  private readonly _reached: InstanceSet;
  private readonly _cyclic: InstanceSet;
  private readonly _layouts: ContentLayout[] = [];
  private _frame: Frame = { place: -1, layout: { name: Buffer.alloc(0), left: [], set: -1 }, isLeft: false, isSet: false, depth: 0, members: [] }; // prettier-ignore

  public constructor(private readonly _context: HashContext) {
    const { file } = _context;
    [this._active, this._reached, this._cyclic] = [new InstanceSet(file), new InstanceSet(file), new InstanceSet(file)];
  }

  /** The digest of an instance, as text. */
  public digestOf(id: number): string {
    const start = this._content.length;
    const place = this._context.file.placeOf(id);
    if (place === undefined) return "missing";
    const kept = this._digests.get(place) ?? this._writeInstance(id, place);
    return this._takeDigest(start, kept);
  }

  /** Whether references lead from an instance, known by its digest, into a circle, or on without an end in sight. */
  public isCyclic(id: number): boolean {
    return this._cyclic.has(id);
  }

  /** Whether an instance is part of the content of one that was hashed. */
  public hasReached(id: number): boolean {
    return this._reached.has(id);
  }

  /** The same for the instance at a place of the file. */
  public hasReachedAt(place: number): boolean {
    return this._reached.hasAt(place);
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

  /** The digest of an entity without what says something of it, and without the values that only its export decides. */
  public contentOf(id: number): string {
    const place = expectDefined(this._context.file.placeOf(id));
    this._reached.addAt(place);
    const start = this._content.length;
    this._content.text(this._meaningOf(id));
    this._writeValues(place);
    return this._takeDigest(start);
  }

  public attribute(index: number): void {
    const frame = this._frame;
    frame.isLeft = frame.layout.left.includes(index);
    frame.isSet = frame.layout.set === index;
  }

  public item(): void {
    const { isSet, depth, members } = this._frame;
    if (isSet && depth === 1) members.push(this._content.length);
  }

  public reference(id: number): void {
    if (!this._frame.isLeft) this._refer(id);
  }

  public number(value: number): void {
    if (!this._frame.isLeft) this._content.number(value);
  }

  public text(bytes: Buffer, start: number, end: number): void {
    if (!this._frame.isLeft) this._content.encodedText(bytes, start, end);
  }

  public binary(bytes: Buffer, start: number, end: number): void {
    if (!this._frame.isLeft) this._content.bytes(marks.binary, bytes, start, end);
  }

  public enumeration(bytes: Buffer, start: number, end: number): void {
    if (!this._frame.isLeft) this._content.name(marks.name, bytes, start, end);
  }

  public nothing(): void {
    if (!this._frame.isLeft) this._content.mark(marks.nothing);
  }

  public beginList(): void {
    this._frame.depth++;
    if (!this._frame.isLeft) this._content.mark(marks.list);
  }

  public endList(): void {
    const frame = this._frame;
    frame.depth--;
    if (frame.isSet && frame.depth === 0) this._content.sort(frame.members.splice(0));
    if (!frame.isLeft) this._content.mark(marks.end);
  }

  public beginTyped(bytes: Buffer, start: number, end: number): void {
    this._frame.depth++;
    if (!this._frame.isLeft) this._content.name(marks.typed, bytes, start, end);
  }

  public endTyped(): void {
    this._frame.depth--;
  }

  /** The digest of the bytes from an offset on, as text. The bytes go. */
  private _takeDigest(start: number, digest = this._content.digestFrom(start)): string {
    this._content.cut(start);
    return Buffer.from(digest, "latin1").toString("base64url");
  }

  /** What values mean that would mean something else in another edition. */
  private _meaningOf(id: number): string {
    const { file } = this._context;
    const names = this._context.attributesInOtherPlaces(file.typeOf(id) ?? "");
    if (names.size === 0) return "";
    const values = file.valuesOf(id);
    return [...names].flatMap(([index, name]) => (values[index] === null ? [] : [name])).join(" ");
  }

  private _refer(id: number): void {
    const place = this._context.file.placeOf(id);
    if (place === undefined) this._content.mark(marks.missing);
    else if (this._context.entities.hasAt(place)) {
      this._content.mark(marks.entity);
      this._content.text(this._context.identifierOf(id));
    } else if (this._active.hasAt(place) || this._depth > deepest) {
      this._content.mark(marks.circle);
      this._cyclic.addAt(this._frame.place);
    } else this._referAt(id, place);
  }

  private _referAt(id: number, place: number): void {
    const start = this._content.length;
    const digest = this._digests.get(place) ?? this._writeInstance(id, place);
    if (digest !== undefined) {
      this._content.cut(start);
      this._content.digest(digest);
    }
    if (this._cyclic.hasAt(place)) this._cyclic.addAt(this._frame.place);
  }

  /**
   * Writes an instance with what says something of it.
   * @returns its digest; undefined for one whose content stands for itself
   */
  private _writeInstance(id: number, place: number): string | undefined {
    this._reached.addAt(place);
    const [start, before] = [this._content.length, this._work++];
    this._active.addAt(place);
    this._depth++;
    this._writeValues(place, this._context.attachedTo(id));
    this._depth--;
    this._active.deleteAt(place);
    if (this._content.length - start <= longestPlain) return undefined;
    const digest = this._content.digestFrom(start);
    this._digests.add(place, digest, this._work - before);
    return digest;
  }

  /** @param attached - the instances that say something of it */
  private _writeValues(place: number, attached: readonly number[] = []): void {
    const outer = this._frame;
    const layout = this._layoutOf(this._context.file.typeAt(place));
    this._content.bytes(marks.instance, layout.name, 0, layout.name.length);
    this._frame = { place, layout, isLeft: false, isSet: false, depth: 0, members: [] };
    this._context.file.walk(place, this);
    if (attached.length > 0) this._writeAttached(attached);
    this._content.mark(marks.end);
    this._frame = outer;
  }

  private _writeAttached(attached: readonly number[]): void {
    this._content.mark(marks.attached);
    const starts = attached.map((id) => {
      const start = this._content.length;
      this._refer(id);
      return start;
    });
    this._content.sort(starts);
  }

  private _layoutOf(type: number): ContentLayout {
    return (this._layouts[type] ??= findLayout(this._context.schema, this._context.file.typeNameOf(type)));
  }
}

function findLayout(schema: IfcSchema, type: string): ContentLayout {
  const left = [backReferenceOf(schema, type), ...(schema.isA(type, "IFCROOT") ? ofTheExport : [])];
  const indexOf = (attribute: string | undefined) => (attribute === undefined ? -1 : schema.indexOf(type, attribute));
  return { name: Buffer.from(type, "latin1"), left: left.map(indexOf), set: indexOf(setAttributeOf(schema, type)) };
}
