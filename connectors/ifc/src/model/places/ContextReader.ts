import { identity } from "../../curves/axes.js";
import type { IfcFile } from "../IfcFile.js";
import type { FilePoint, Report } from "../records.js";
import { entityName } from "../entityName.js";
import type { Placements } from "./Placements.js";

/** The geographic reference point of a context, in the file. */
export interface ContextOrigin {
  /** In metres. */
  readonly anchor: FilePoint;
  /** From the file's x axis to that of the context, in radians. */
  readonly rotation: number;
}

/** An axis that is off the vertical by more than so much, in radians, is tilted. */
const upright = 1e-6;

/** Reads representation contexts: the WorldCoordinateSystem, and true north. */
export class ContextReader {
  private readonly _origins = new Map<number, ContextOrigin>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _placements: Placements,
    private readonly _report: Report,
  ) {}

  /** How well an operation with this source stands for the whole file: 0 for the context of the model is the best. */
  public rankOf(source: number | undefined): number {
    if (source === undefined || !this._file.isA(source, "IFCGEOMETRICREPRESENTATIONCONTEXT")) return 3;
    const isSub = this._file.isA(source, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT");
    const isModel = this._file.text(source, "ContextType")?.toLowerCase() === "model";
    return (isModel ? 0 : 1) + (isSub ? 0.5 : 0);
  }

  /** The context of the model, or the first one. */
  public get main(): number | undefined {
    const contexts = [...this._file.all("IFCGEOMETRICREPRESENTATIONCONTEXT")];
    return contexts.sort((left, right) => this.rankOf(left) - this.rankOf(right))[0];
  }

  /**
   * The point to which a map conversion relates. Placements are in the coordinates of the file; the WorldCoordinateSystem is
   * where that point is in them.
   */
  public originOf(source: number | undefined): ContextOrigin {
    const isContext = source !== undefined && this._file.isA(source, "IFCGEOMETRICREPRESENTATIONCONTEXT");
    const context = isContext ? source : this.main;
    if (context === undefined) return { anchor: [0, 0, 0], rotation: 0 };
    let origin = this._origins.get(context);
    if (origin === undefined) this._origins.set(context, (origin = this._read(context)));
    return origin;
  }

  /** The angle from east to the file's x axis: TrueNorth is the direction of north in the axes of the context. */
  public trueNorth(): number {
    const contexts = [...this._file.all("IFCGEOMETRICREPRESENTATIONCONTEXT")];
    const sorted = contexts.sort((left, right) => this.rankOf(left) - this.rankOf(right));
    const context = sorted.find((id) => this._file.reference(id, "TrueNorth") !== undefined);
    const { rotation } = this.originOf(context);
    const direction = context === undefined ? undefined : this._file.reference(context, "TrueNorth");
    if (direction === undefined) return -rotation;
    const [x = 0, y = 0] = this._file.numbers(direction, "DirectionRatios");
    if (x !== 0 || y !== 0) return Math.atan2(x, y) - rotation;
    this._report("true-north", `TrueNorth, ${entityName(this._file, direction)}, has no direction. It is taken for y.`);
    return -rotation;
  }

  /** A subcontext has the coordinate system of its parent. */
  private _read(context: number): ContextOrigin {
    const parent = this._file.reference(context, "ParentContext");
    const system = this._file.reference(parent ?? context, "WorldCoordinateSystem");
    if (system === undefined) return { anchor: [0, 0, 0], rotation: 0 };
    const axes = this._placements.ofAxes(system);
    if (axes === undefined) this._report("no-origin", `The WorldCoordinateSystem ${entityName(this._file, system)} is incomplete. The origin of the file is taken for it.`); // prettier-ignore
    const { origin, x, z } = axes ?? identity;
    if (Math.hypot(z[0], z[1]) > upright || z[2] < 0)
      this._report(
        "tilted",
        `The WorldCoordinateSystem ${entityName(this._file, system)} is tilted; a map conversion cannot be, and the tilt is not used.`,
      );
    return { anchor: origin, rotation: Math.atan2(x[1], x[0]) };
  }
}
