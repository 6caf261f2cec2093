import { axesAlong, axesOf, within, type Axes } from "../../curves/axes.js";
import type { Curve } from "../../curves/Curve.js";
import { dot, scaled, unit, up, vector, zero, type Vector } from "../../curves/vectors.js";
import { StepTyped, numberIn, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import { NotDrawable } from "./NotDrawable.js";

/** How a file counts lengths and angles. */
export interface Measures {
  /** Metres in the unit of length. */
  readonly metres: number;
  /** Radians in the unit of angle. */
  readonly radians: number;
}

/** A value of IfcCurveMeasureSelect: a length in metres, or a parameter. */
export type CurveMeasure = { readonly length: number } | { readonly parameter: number };

/** Reads points, directions and axes, in metres. */
export class PointReader {
  /** @param _curveOf - reads the curve that a point is on */
  public constructor(
    private readonly _file: IfcFile,
    private readonly _measures: Measures,
    private readonly _curveOf: (id: number) => Curve,
  ) {}

  /**
   * A point of any sort.
   * @throws NotDrawable
   */
  public point(id: number): Vector {
    switch (this._file.typeOf(id)) {
      case "IFCCARTESIANPOINT":
        return this.coordinates(this._file.numbers(id, "Coordinates"));
      case "IFCPOINTONCURVE":
        return this._curve(id, "BasisCurve").at(this._file.number(id, "PointParameter") ?? 0);
      case "IFCPOINTBYDISTANCEEXPRESSION":
        return this.axesByDistance(id).origin;
      case "IFCVERTEXPOINT":
        return this.point(this._needed(id, "VertexGeometry"));
      default:
        throw new NotDrawable(this._file, id, "is a point of a kind that is not supported");
    }
  }

  /** Coordinates of the file as a point in metres. */
  public coordinates(numbers: readonly number[]): Vector {
    return scaled(vector(numbers), this._measures.metres);
  }

  /** An IfcDirection, or an IfcVector without its length; undefined where the attribute is empty. */
  public direction(id: number, attribute: string): Vector | undefined {
    const direction = this._file.reference(id, attribute);
    if (direction === undefined) return undefined;
    const ratios = this._file.numbers(direction, "DirectionRatios");
    return ratios.length === 0 ? this.direction(direction, "Orientation") : vector(ratios);
  }

  /**
   * An IfcAxis2Placement2D, 3D or Linear, or an IfcAxis1Placement.
   * @throws NotDrawable
   */
  public axes(id: number): Axes {
    const location = this._needed(id, "Location");
    const [axis, along] = [this.direction(id, "Axis"), this.direction(id, "RefDirection")];
    if (!this._file.isA(location, "IFCPOINTBYDISTANCEEXPRESSION"))
      return axesOf(this.point(location), axis ?? up, along ?? [1, 0, 0]);
    const onCurve = this.axesByDistance(location);
    if (this._file.typeOf(id) !== "IFCAXIS2PLACEMENTLINEAR" || (axis === undefined && along === undefined))
      return onCurve;
    // The directions are given in the axes of the curve there.
    return within(onCurve, axesOf(zero, axis ?? up, along ?? [1, 0, 0]));
  }

  /** The axes along a curve at an IfcPointByDistanceExpression, with its offsets. */
  public axesByDistance(id: number): Axes {
    const curve = this._curve(id, "BasisCurve");
    const measure = this.measure(this._file.value(id, "DistanceAlong"));
    if (measure === undefined) throw new NotDrawable(this._file, id, "has no distance");
    const u = "length" in measure ? curve.parameterAt(measure.length) : curve.start + measure.parameter;
    if (!this._isOn(curve, u)) throw new NotDrawable(this._file, id, "lies beyond the end of its curve");
    const bounded = Math.min(Math.max(u, curve.start), curve.end);
    const onCurve = axesAlong(curve.at(bounded), curve.derivative(bounded));
    const offset = (attribute: string) => (this._file.number(id, attribute) ?? 0) * this._measures.metres;
    const origin: Vector = [offset("OffsetLongitudinal"), offset("OffsetLateral"), offset("OffsetVertical")];
    return within(onCurve, { origin, x: [1, 0, 0], y: [0, 1, 0], z: up });
  }

  /** A value of IfcCurveMeasureSelect; a number without a type counts as a length. */
  public measure(value: StepValue | undefined): CurveMeasure | undefined {
    const number = numberIn(value);
    if (number === undefined) return undefined;
    const isParameter = value instanceof StepTyped && value.type === "IFCPARAMETERVALUE";
    return isParameter ? { parameter: number } : { length: number * this._measures.metres };
  }

  /** The transform of an IfcCartesianTransformationOperator, of two or three dimensions, uniform or not. */
  public operator(id: number): Axes {
    const origin = this.point(this._needed(id, "LocalOrigin"));
    const scale = this._file.number(id, "Scale") ?? 1;
    const scales = [scale, this._file.number(id, "Scale2") ?? scale, this._file.number(id, "Scale3") ?? scale];
    const { x, y, z } = this._operatorAxes(id);
    const [byX = 1, byY = 1, byZ = 1] = scales;
    return { origin, x: scaled(x, byX), y: scaled(y, byY), z: scaled(z, byZ) };
  }

  /** IfcBaseAxis: the second axis only decides on which side y is. */
  private _operatorAxes(id: number): Pick<Axes, "x" | "y" | "z"> {
    const [first, second] = [this.direction(id, "Axis1"), this.direction(id, "Axis2")];
    const z = unit(this.direction(id, "Axis3") ?? up);
    const along = first ?? (second === undefined ? [1, 0, 0] : scaled(axesOf(zero, z, second).y, -1));
    const { x, y } = axesOf(zero, z, along);
    const isMirrored = second !== undefined && dot(y, second) < 0;
    return { x, y: isMirrored ? scaled(y, -1) : y, z };
  }

  /** A micrometre beyond an end is still on the curve. */
  private _isOn(curve: Curve, u: number): boolean {
    const slack = 1e-6 * Math.max(1, Math.abs(curve.end - curve.start));
    return u >= curve.start - slack && u <= curve.end + slack;
  }

  private _curve(id: number, attribute: string): Curve {
    return this._curveOf(this._needed(id, attribute));
  }

  private _needed(id: number, attribute: string): number {
    const reference = this._file.reference(id, attribute);
    if (reference === undefined) throw new NotDrawable(this._file, id, `has no ${attribute}`);
    return reference;
  }
}
