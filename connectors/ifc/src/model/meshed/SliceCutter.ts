import { readList } from "../../step/listText.js";
import { TextBuffer } from "../../step/TextBuffer.js";
import type { Attachments } from "../relations/Attachments.js";
import type { IfcFile } from "../IfcFile.js";
import type { RelationName, Relations } from "../relations/Relations.js";

/** Instances that refer to one and decide how web-ifc shows it. */
const shownBy = ["IFCSTYLEDITEM", "IFCMATERIALDEFINITIONREPRESENTATION"] as const;

/** Relationships that decide how an entity looks, as web-ifc reads them: the sides of each in the order of its attributes. */
const writers = {
  IfcRelVoidsElement: (relating: number, related: string) => `#${relating},${related}`,
  IfcRelAggregates: (relating: number, related: string) => `#${relating},(${related})`,
  IfcRelAssociatesMaterial: (relating: number, related: string) => `(${related}),#${relating}`,
} satisfies Partial<Record<RelationName, unknown>>;

type CutRelation = keyof typeof writers;

/** Enough that opening costs little beside meshing, and small beside the rest of the memory. In bytes. */
const defaultSize = 16 * 1024 * 1024;

/** Part of a file that stands for itself: a file of its own, with the numbers that its instances have in the whole. */
export interface Slice {
  readonly text: Buffer;
  /** The entities that web-ifc can mesh from it. */
  readonly entities: ReadonlySet<number>;
}

/** What slices are cut out of. */
export interface SliceSource {
  readonly file: IfcFile;
  readonly relations: Relations;
  readonly attachments: Attachments;
  /** Lines that stand in a slice in place of an instance. They refer to nothing else of the file. */
  readonly replacements?: ReadonlyMap<number, string>;
}

/** Cuts slices out of a file, so that web-ifc needs memory for one of them instead of the whole. */
export class SliceCutter {
  /** @param _sliceSize - a slice ends with the entity that makes it larger than so many bytes */
  public constructor(
    private readonly _source: SliceSource,
    private readonly _sliceSize = defaultSize,
  ) {}

  /** A slice with the first of the entities, and the next ones as far as they fit. */
  public cut(entities: readonly number[]): Slice {
    const builder = new SliceBuilder(this._source);
    const taken = new Set<number>();
    for (const project of this._source.file.all("IFCPROJECT")) builder.addInstance(project);
    for (const id of entities) {
      if (taken.size > 0 && builder.size > this._sliceSize) break;
      builder.addEntity(id);
      taken.add(id);
    }
    return { text: builder.build(), entities: taken };
  }
}

/** A relationship with those of its objects that are in the slice. */
interface CutLink {
  readonly name: CutRelation;
  readonly relating: number;
  readonly related: Set<number>;
}

class SliceBuilder {
  private readonly _file: IfcFile;
  private readonly _relations: Relations;
  private readonly _attachments: Attachments;
  private readonly _replacements: ReadonlyMap<number, string>;
  private readonly _text = new TextBuffer();
  /** Lines whose order decides: between several styles of an item, web-ifc takes the first one of the file. */
  private readonly _ordered: { readonly place: number; readonly line: string }[] = [];
  private readonly _instances = new Set<number>();
  private readonly _entities = new Set<number>();
  private readonly _links = new Map<number, CutLink>();
  /** Whether openings cut the parts of a whole. */
  private readonly _wholes = new Map<number, boolean>();

  public constructor({ file, relations, attachments, replacements = new Map() }: SliceSource) {
    this._file = file;
    this._relations = relations;
    this._attachments = attachments;
    this._replacements = replacements;
    this._text.append(`ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n`);
    this._text.append(`FILE_SCHEMA(('${file.schema.name}'));\nENDSEC;\nDATA;\n`);
  }

  /** In bytes, without the relationships. */
  public get size(): number {
    return this._text.length;
  }

  /** Adds an entity, with all that decides how it looks. */
  public addEntity(id: number): void {
    if (this._entities.has(id)) return;
    this._entities.add(id);
    this.addInstance(id);
    for (const { id: material, by } of this._relations.relatingOf("IfcRelAssociatesMaterial", id)) {
      this.addInstance(material);
      this._link("IfcRelAssociatesMaterial", by, material, id);
    }
    this._addOpenings(id);
  }

  /** Adds an instance, and all that it refers to. */
  public addInstance(start: number): void {
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (this._instances.has(id)) continue;
      this._instances.add(id);
      this._addLines(id, open);
      for (const other of this._attachments.of(id)) if (this._isShownBy(other)) this._addAttachment(other, open);
    }
  }

  /** The text of the slice. */
  public build(): Buffer {
    for (const [by, link] of this._links) this._addOrdered(by, listOf(link));
    this._ordered.sort((left, right) => left.place - right.place);
    for (const { line } of this._ordered) this._text.append(line);
    this._text.append("ENDSEC;\nEND-ISO-10303-21;\n");
    return this._text.bytes;
  }

  private _addLines(id: number, references: number[]): void {
    const replacement = this._replacements.get(id);
    const list = replacement === undefined ? this._readList(id, references) : undefined;
    if (replacement !== undefined) this._text.append(replacement, "\n");
    if (list !== undefined) this._text.append(`#${id}=${this._file.typeOf(id)}`, list, ";\n");
  }

  private _isShownBy(id: number): boolean {
    return shownBy.some((type) => this._file.isA(id, type));
  }

  private _addAttachment(id: number, references: number[]): void {
    if (this._instances.has(id)) return;
    this._instances.add(id);
    const list = this._readList(id, references);
    if (list !== undefined) this._addOrdered(id, list.toString("latin1"));
  }

  private _readList(id: number, references: number[]): Buffer | undefined {
    const bytes = this._file.step.bytesOf(id);
    return bytes === undefined ? undefined : readList(bytes, (reference) => references.push(reference));
  }

  private _addOrdered(id: number, list: string): void {
    const line = `#${id}=${this._file.typeOf(id)}${list};\n`;
    this._ordered.push({ place: this._file.step.placeOf(id) ?? 0, line });
  }

  /**
   * The openings of an entity, and those of the wholes that it is a part of, which web-ifc cuts out of it too.
   * @returns whether there are any
   */
  private _addOpenings(id: number): boolean {
    const known = this._wholes.get(id);
    if (known !== undefined) return known;
    this._wholes.set(id, false); // parts can go in a circle
    const openings = this._relations.relatedOf("IfcRelVoidsElement", id);
    for (const { id: opening, by } of openings) {
      this._link("IfcRelVoidsElement", by, id, opening);
      this.addEntity(opening);
    }
    let isCut = openings.length > 0;
    for (const { id: whole, by } of this._relations.relatingOf("IfcRelAggregates", id)) {
      if (!this._addOpenings(whole)) continue;
      this.addInstance(whole);
      this._link("IfcRelAggregates", by, whole, id);
      isCut = true;
    }
    this._wholes.set(id, isCut);
    return isCut;
  }

  private _link(name: CutRelation, by: number, relating: number, related: number): void {
    const link = this._links.get(by);
    if (link === undefined) this._links.set(by, { name, relating, related: new Set([related]) });
    else link.related.add(related);
  }
}

/** The values of a relationship. web-ifc does not read those that every IfcRoot has. */
function listOf({ name, relating, related }: CutLink): string {
  const references = [...related].map((id) => `#${id}`).join();
  return `($,$,$,$,${writers[name](relating, references)})`;
}
