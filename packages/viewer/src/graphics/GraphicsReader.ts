import { setImmediate } from "node:timers/promises";
import type { ExportGraphicsInfo, ExportLinesInfo, ExportPartInstanceInfo, IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { messageOf } from "itwin-connector-framework/internal";
import { readHiddenSubCategories } from "../elements/hiddenCategories.js";
import { Appearances, type Appearance } from "./Appearances.js";
import { BatchBuilder, type InstancePolicy } from "./BatchBuilder.js";
import type { BatchGraphics, MeshData } from "./BatchGraphics.js";
import { DrawingReader, incompleteDrawing } from "./DrawingReader.js";
import type { Elements } from "./Elements.js";
import { finiteOnly } from "./finite.js";
import { addTransform, Frame } from "./Frame.js";
import type { Layer } from "./Layer.js";
import { matrixOf, movedPoints } from "./Matrix.js";
import { meshData, PartGraphics } from "./PartGraphics.js";
import { noRotation, noScale } from "./Placements.js";
import { readPointStrings, separatePoints } from "./pointStrings.js";
import { middleOf } from "./splitByPlace.js";

const noGraphics = "its geometry gives no graphics";

/** So many elements are handed to `exportGraphics` at once. */
const elementsAtOnce = 256;

/** A batch with more vertices is handed over in pieces, so that it fits into memory. */
const mostVertices = 2_000_000;

/**
 * Something that is not in the export as it is in the iModel.
 * @public
 */
export interface GraphicsIssue {
  /** Undefined if it is not about one element. */
  readonly elementId?: Id64String;
  /** Such as `its geometry gives no graphics`. */
  readonly message: string;
  /** Whether nothing of the element is in the export. */
  readonly isMissing: boolean;
}

/** Reads the graphics of elements, as the platform makes them. */
export class GraphicsReader {
  public readonly appearances = new Appearances();
  private readonly _parts: PartGraphics;
  private readonly _drawings: DrawingReader;
  private readonly _hidden: ReadonlySet<Id64String>;

  /** @param onIssue - receives what cannot be exported. The rest goes on */
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _policy: InstancePolicy,
    private readonly _onIssue: (issue: GraphicsIssue) => void,
  ) {
    this._parts = new PartGraphics(_imodel, this.appearances);
    this._hidden = readHiddenSubCategories(_imodel);
    this._drawings = new DrawingReader(_imodel, this.appearances);
  }

  /** Reads the graphics of a batch, in one piece or in several. In between, signals and requests are heard. */
  public async *read({ elements, is2d }: Layer, members: Uint32Array): AsyncGenerator<BatchGraphics> {
    const center = middleOf(elements, members);
    let batch = new BatchBuilder(center, this._policy);
    for (let start = 0; start < members.length; start += elementsAtOnce) {
      const some = members.subarray(start, start + elementsAtOnce);
      if (is2d) this._readDrawing(elements, some, batch);
      else this._readSome(elements, some, batch);
      await setImmediate();
      if (batch.vertices < mostVertices) continue;
      yield batch.finish();
      batch = new BatchBuilder(center, this._policy);
    }
    if (batch.vertices > 0) yield batch.finish();
  }

  private _readDrawing(elements: Elements, members: Uint32Array, batch: BatchBuilder): void {
    for (const index of members) {
      const elementId = elements.ids[index] ?? "";
      const { isShown, isComplete } = this._drawings.read(elementId, index, batch);
      if (isShown && isComplete) continue;
      const message = isShown || !isComplete ? incompleteDrawing : noGraphics;
      this._onIssue({ elementId, message, isMissing: !isShown });
    }
  }

  private _readSome(elements: Elements, members: Uint32Array, batch: BatchBuilder): void {
    const reading = new Reading(this._imodel, elements, members, batch, this.appearances, this._parts);
    this._export(reading, reading.ids);
    reading.finish();
    for (const issue of reading.issues()) this._onIssue(issue);
  }

  /** The platform gives what is in hidden subcategories, too. */
  private _take<Info extends ExportGraphicsInfo | ExportLinesInfo>(
    reading: Reading,
    info: Info,
    show: (info: Info) => void,
  ): void {
    if (this._hidden.has(info.subCategory)) reading.hide(info.elementId);
    else show(info);
  }

  /** Where the platform refuses many elements at once, each is tried by itself. */
  private _export(reading: Reading, ids: Id64String[]): void {
    const { parts: partInstanceArray } = reading;
    const onGraphics = (info: ExportGraphicsInfo) => this._take(reading, info, reading.onGraphics);
    const onLineGraphics = (info: ExportLinesInfo) => this._take(reading, info, reading.onLineGraphics);
    try {
      this._imodel.exportGraphics({ elementIdArray: ids, onGraphics, onLineGraphics, partInstanceArray });
    } catch (error) {
      const [first, ...others] = ids;
      if (first === undefined) return;
      if (others.length === 0) reading.fail(first, messageOf(error));
      else for (const id of ids.filter((each) => !reading.hasGraphics(each))) this._export(reading, [id]);
    }
  }
}

/** The graphics of some elements while they are read. */
class Reading {
  public readonly ids: Id64String[] = [];
  public readonly parts: ExportPartInstanceInfo[] = [];
  private readonly _indices = new Map<Id64String, number>();
  private readonly _shown = new Set<Id64String>();
  private readonly _lines: ExportLinesInfo[] = [];
  private readonly _faults = new Map<Id64String, string>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _elements: Elements,
    members: Uint32Array,
    private readonly _batch: BatchBuilder,
    private readonly _appearances: Appearances,
    private readonly _parts: PartGraphics,
  ) {
    for (const index of members) {
      const id = _elements.ids[index] ?? "";
      this.ids.push(id);
      this._indices.set(id, index);
    }
  }

  public readonly onGraphics = ({ elementId, mesh, ...look }: ExportGraphicsInfo): void => {
    this._shown.add(elementId);
    const element = this._indices.get(elementId) ?? 0;
    const appearance = this._appearances.of("mesh", look, mesh.isTwoSided);
    const indices = this._finite(elementId, mesh.points, mesh.indices, 3);
    if (indices.length === 0) return;
    if (indices !== mesh.indices) this._addAsItIs(element, { ...meshData(mesh, appearance), indices }, appearance);
    else this._addShape(element, meshData(mesh, appearance), appearance);
  };

  public readonly onLineGraphics = (info: ExportLinesInfo): void => {
    this._shown.add(info.elementId);
    this._lines.push(info);
  };

  /** Takes note of graphics that are not drawn. */
  public hide(id: Id64String): void {
    this._shown.add(id);
  }

  /** Whether an element has shown something. */
  public hasGraphics(id: Id64String): boolean {
    return this._shown.has(id);
  }

  /** Takes note that the graphics of an element cannot be made. */
  public fail(id: Id64String, message: string): void {
    this._faults.set(id, `its graphics cannot be made: ${message}`);
  }

  /** Adds what `exportGraphics` leaves for later: parts and lines. */
  public finish(): void {
    for (const part of this.parts) this._addPart(part);
    const strings = new Map(
      [...new Set(this._lines.map(({ elementId }) => elementId))].map((id) => [id, readPointStrings(this._imodel, id)]),
    );
    for (const { elementId, lines, ...look } of this._lines) {
      const indices = this._finite(elementId, lines.points, lines.indices, 2);
      const piece = { element: this._indices.get(elementId) ?? 0, points: lines.points, indices };
      const separated = separatePoints(piece, strings.get(elementId) ?? []);
      this._batch.addLines(separated.lines, this._appearances.of("lines", look));
      this._batch.addLines(separated.points, this._appearances.of("points", look));
    }
  }

  /** What is wrong with the elements. */
  public *issues(): Generator<GraphicsIssue> {
    for (const [elementId, message] of this._faults)
      yield { elementId, message, isMissing: !this._shown.has(elementId) };
    for (const elementId of this.ids)
      if (!this._shown.has(elementId) && !this._faults.has(elementId))
        yield { elementId, message: noGraphics, isMissing: true };
  }

  private _addPart(part: ExportPartInstanceInfo): void {
    const element = this._indices.get(part.partInstanceId) ?? 0;
    const matrix = matrixOf(part.transform);
    const { meshes, lines } = this._parts.of(part);
    if (meshes.length + lines.length > 0) this._shown.add(part.partInstanceId);
    for (const { appearance, shape } of meshes)
      addTransform(this._batch.placementsOf(shape, appearance), element, matrix);
    for (const { appearance, points, indices } of lines)
      this._batch.addLines({ element, points: movedPoints(points, matrix), indices }, appearance);
  }

  private _addShape(element: number, mesh: MeshData, appearance: Appearance): void {
    const angles = this._elements.angles(element);
    const frame = angles && new Frame(angles);
    const { shape, translation, scale } = this._batch.shapes.find(mesh, frame);
    this._batch.placementsOf(shape, appearance).add(element, translation, frame?.rotation ?? noRotation, scale);
  }

  private _addAsItIs(element: number, mesh: MeshData, appearance: Appearance): void {
    const points = mesh.points.map((value) => (Number.isFinite(value) ? value : 0)); // what is left does not use them
    const shape = { key: `of ${element}`, isPart: false, mesh: { ...mesh, points } };
    this._batch.placementsOf(shape, appearance).add(element, [0, 0, 0], noRotation, noScale);
  }

  private _finite(elementId: Id64String, points: Float64Array, indices: Int32Array, corners: number): Int32Array {
    const finite = finiteOnly(points, indices, corners);
    if (finite.length < indices.length) this._faults.set(elementId, "some of its graphics are not at a finite place");
    return finite;
  }
}
