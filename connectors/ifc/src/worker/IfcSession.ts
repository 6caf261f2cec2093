import { rowsOf, type Axes } from "../curves/axes.js";
import { editionOf, type Edition } from "../model/editions/editionOf.js";
import { IfcModel } from "../model/IfcModel.js";
import type { ShapeOptions } from "../model/meshed/ShapeOptions.js";
import { IfcSchema } from "../model/editions/IfcSchema.js";
import { areFinite } from "../model/lines/areFinite.js";
import type {
  EntityDetails,
  EntityRecord,
  GeoReferences,
  PlacedLines,
  PlacedMesh,
  ReportedIssue,
  Survey,
} from "../model/records.js";
import { expectDefined } from "../expectDefined.js";
import type { ByteSource } from "../step/ByteSource.js";
import { LineIndex } from "../step/LineIndex.js";
import { PagedFile } from "../step/PagedFile.js";
import { StepFile } from "../step/StepFile.js";
import { StepSyntaxError } from "../step/StepSyntaxError.js";
import { batchesFor } from "./batchesFor.js";
import { IfcFault } from "./IfcFault.js";
import type { RawMesh } from "./mesherMessages.js";
import type { Meshers } from "./Meshers.js";
import { MeshesAhead } from "./MeshesAhead.js";
import { MeshingOrder } from "./MeshingOrder.js";
import { meshSourceOf } from "./meshSourceOf.js";
import { placeShown } from "./placeShown.js";
import { WebIfcLog } from "./WebIfcLog.js";

/** Told how far the opening of a file is, in steps. */
export type OnStep = (done: number, total: number) => void;

/** Steps of the opening: the instances of the file are found, and its relationships; the survey is made. */
const steps = 3;

/** An open IFC file, as the worker has it. */
export class IfcSession {
  private readonly _issues: ReportedIssue[] = [];
  private readonly _said = new WebIfcLog();

  private constructor(
    private readonly _step: StepFile,
    private readonly _model: IfcModel,
    private readonly _order: MeshingOrder,
    private readonly _meshes: MeshesAhead,
  ) {}

  /**
   * Opens a file.
   * @throws IfcFault for one that is damaged, or of a schema that is not known
   */
  public static open(path: string, options: ShapeOptions, meshers: Meshers, onStep: OnStep): IfcSession {
    const step = readStep(new PagedFile(path));
    onStep(1, steps);
    const edition = findEdition(step.schema);
    const schema = expectDefined(IfcSchema.find(edition.name));
    checkProject(step);
    const model = locating(step, () => new IfcModel(step, schema, options));
    onStep(2, steps);
    const order = new MeshingOrder(batchesFor(meshers.ahead));
    const meshes = new MeshesAhead(meshers, meshSourceOf(model, options), order);
    const session = new IfcSession(step, model, order, meshes);
    session._issues.push(...edition.issues);
    return session;
  }

  /** What the file is made of. */
  public survey(): Survey {
    return locating(this._step, () => this._model.survey());
  }

  /** Where the file is on the Earth. */
  public place(): GeoReferences {
    return locating(this._step, () => this._model.geoReferences());
  }

  /** The entities from a place in the order on. */
  public records(start: number, count: number): EntityRecord[] {
    return locating(this._step, () => {
      const records = this._model.records(start, count);
      this._order.begin(this._meshed(records.map(({ instance }) => instance)));
      return records;
    });
  }

  /** Those of them whose details are sure to be asked for, in this order. */
  public expect(ids: readonly number[]): void {
    const meshed = this._meshed(ids);
    this._order.expect(meshed);
    this._meshes.expect(meshed);
  }

  /** All the rest of an entity. */
  public async details(id: number): Promise<EntityDetails> {
    try {
      return await this._detailsOf(id);
    } catch (error) {
      throw faultOf(error, this._step);
    }
  }

  /** Ends the reading: what there is to say of several entities together. */
  public finish(): ReportedIssue[] {
    return [...this._said.drain(), ...this._model.attributeIssues];
  }

  /** The issues since the last call. */
  public takeIssues(): ReportedIssue[] {
    return this._issues.splice(0);
  }

  private async _detailsOf(id: number): Promise<EntityDetails> {
    const own = { attributes: this._model.attributesOf(id), sets: this._model.setsOf(id) };
    const place = this._placeOf(id);
    if (place === undefined) return { ...own, meshes: [], lines: [] };
    const meshes = await this._meshesOf(id);
    const lines = this._linesOf(id);
    if (meshes.length === 0 && lines.length === 0) return { ...own, meshes, lines };
    return { ...own, meshes, lines, placement: rowsOf(place) };
  }

  private _meshed(ids: readonly number[]): number[] {
    return ids.filter((id) => this._model.shapes.hasBodies(id));
  }

  private _placeOf(id: number): Axes | undefined {
    if (!this._model.shapes.isShown(id)) return undefined;
    const place = placeShown(this._model, id);
    if ("axes" in place) return place.axes;
    this._report(id, place.key, place.message);
    return undefined;
  }

  private _linesOf(id: number): readonly PlacedLines[] {
    const lines = this._model.shapes.linesOf(id, (reason) =>
      this._report(id, "line-failed", `${reason}, and is left out.`),
    );
    const finite = lines.filter(({ items }) => areFinite(items));
    if (finite.length < lines.length)
      this._report(id, "line-failed", "its lines have points that are no numbers, and are left out.");
    return finite;
  }

  private async _meshesOf(id: number): Promise<readonly PlacedMesh[]> {
    if (!this._model.shapes.hasBodies(id)) return [];
    const { meshes, log, failure } = await this._meshes.mesh(id);
    this._takeLog(id, log);
    if (failure === undefined) return this._checked(id, this._placed(id, meshes));
    this._report(id, "body-failed", `web-ifc fails on its body, so that it has no geometry: ${failure}`);
    return [];
  }

  private _placed(id: number, meshes: readonly RawMesh[]): PlacedMesh[] {
    const isStyled = this._model.isStyled(id);
    return meshes.map(({ geometry, ...mesh }) => {
      const sharedKey = this._model.sharedKeyOf(id, geometry);
      return { ...mesh, isStyled, ...(sharedKey !== undefined && { sharedKey }) };
    });
  }

  private _checked(id: number, meshes: readonly PlacedMesh[]): readonly PlacedMesh[] {
    const finite = meshes.filter(
      ({ points, transform }) => points.every(Number.isFinite) && transform.every(Number.isFinite),
    );
    if (finite.length < meshes.length)
      this._report(id, "body-failed", "its geometry has points that are no numbers, and is left out.");
    else if (meshes.length === 0 && this._model.hasBody(id))
      this._report(id, "body-empty", "web-ifc makes no triangles of its body, so that it has no geometry.");
    return finite;
  }

  private _report(id: number, key: string, message: string): void {
    this._issues.push({ code: `ifc/${key}`, message: `${this._nameOf(id)}: ${message}` });
  }

  /**
   * What web-ifc says of a reference that leads nowhere was said before. A profile without a Position is valid since IFC4, and
   * web-ifc draws it where it belongs, although it complains.
   */
  private _takeLog(id: number, log: readonly string[]): void {
    const { dangling } = this._step;
    const isKnown = (line: string) => {
      const instance = /(?:expected REF|ExpressID|type) (\d+)$/.exec(line)?.[1];
      if (instance === "0") return dangling.length > 0;
      const isProfile = this._model.file.isA(Number(instance), "IFCPARAMETERIZEDPROFILEDEF");
      return isProfile || dangling.some(({ from }) => from === Number(instance));
    };
    this._said.take(
      this._nameOf(id),
      log.filter((line) => !isKnown(line)),
    );
  }

  private _nameOf(id: number): string {
    return `${this._model.file.schema.spell(this._model.file.typeOf(id))} "${this._model.identifierOf(id)}"`;
  }
}

function readStep(source: ByteSource): StepFile {
  try {
    return new StepFile(source);
  } catch (error) {
    throw faultOf(error, new LineIndex(source));
  }
}

/** Values are read when they are asked for, so that a fault in one can show at any time. */
function locating<T>(step: StepFile, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw faultOf(error, step);
  }
}

/** The fault of the file that an error of the reader is; any other error as it is. */
function faultOf(error: unknown, lines: Pick<LineIndex, "lineAt">): unknown {
  if (!(error instanceof StepSyntaxError)) return error;
  const { message, key, offset } = error;
  const texts = {
    "not-ifc": ["The file is not an IFC file", "Give a file of ISO 10303-21 (.ifc), alone or in a zip (.ifcZIP)."],
    "cut-off": ["The file is cut off", "Export or download it again."],
    changed: ["The file changed", "Run it again when no program writes to the file."],
    damaged: ["The file is damaged", "Export or download it again, or correct the line."],
  } as const;
  const [what, advice] = texts[key];
  const line = key === "changed" ? undefined : lines.lineAt(offset);
  return new IfcFault({ key, message: `${what}: ${message}.`, advice, line });
}

/** A file has exactly one project (the rule SingleProjectInstance of the schema); one without would delete all that is there. */
function checkProject(step: StepFile): void {
  const [first, second] = step.idsOf("IFCPROJECT");
  if (first !== undefined && second === undefined) return;
  if (first === undefined)
    throw new IfcFault({
      key: "no-project",
      message: "The file has no IfcProject.",
      advice: "Export it again: a whole model has exactly one IfcProject. A library of types alone is not imported.",
    });
  const all = step.idsOf("IFCPROJECT");
  const names = all.slice(0, 5).map((id) => `#${id} (line ${step.lineOf(id)})`);
  throw new IfcFault({
    key: "several-projects",
    message: `The file has ${all.length} IfcProjects: ${names.join(", ")}${all.length > names.length ? " and others" : ""}.`,
    advice: "Export each project to a file of its own: a model has exactly one IfcProject.",
    line: step.lineOf(expectDefined(second)),
  });
}

function findEdition(name: string): Edition {
  const edition = editionOf(name);
  if (edition !== undefined) return edition;
  throw new IfcFault({
    key: "unknown-schema",
    message: name === "" ? "The header names no schema." : `The schema ${name} is not known.`,
    advice: "Export the file as IFC2X3, IFC4 or IFC4X3.",
  });
}
