import { ByDistance } from "../../curves/curves.js";
import type { Curve } from "../../curves/Curve.js";
import { planOf } from "../../curves/plan.js";
import { verticalShapes, type Heights } from "../../curves/profile.js";
import { zero } from "../../curves/vectors.js";
import type { IfcFile } from "../IfcFile.js";
import { entityName } from "../entityName.js";
import type { Relations } from "../relations/Relations.js";
import type { Measures, PointReader } from "../curves/PointReader.js";

/** A horizontal segment: where along the alignment it is, and its curve in plan. */
interface PlanSegment {
  readonly segment: number;
  readonly from: number;
  readonly length: number;
  readonly plan: Curve;
}

/** A vertical segment. */
interface ProfileSegment {
  readonly from: number;
  readonly length: number;
  readonly heights: Heights;
}

/** What can be computed of an alignment. */
export interface ComputedAlignment {
  /** The curves of the horizontal segments, lifted by the vertical ones, in the axes of the alignment, by segment. */
  readonly curves: ReadonlyMap<number, Curve>;
  /** Why segments, horizontal or vertical, cannot be computed. */
  readonly faults: ReadonlyMap<number, string>;
}

/** Called with a segment, and why it cannot be computed. */
type OnSegmentFault = (segment: number, reason: string) => void;

/** Computes the curves of IfcAlignments from the parameters of their segments. */
export class AlignmentReader {
  private readonly _known = new Map<number, ComputedAlignment>();
  private readonly _contents = new Map<number, readonly number[]>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _relations: Relations,
    private readonly _read: { readonly measures: Measures; readonly points: PointReader },
  ) {}

  /** The IfcAlignment that an IfcAlignmentSegment belongs to. */
  public alignmentOf(segment: number): number | undefined {
    const [layout] = this._relations.relatingOf("IfcRelNests", segment);
    const [alignment] = layout === undefined ? [] : this._relations.relatingOf("IfcRelNests", layout.id);
    return alignment !== undefined && this._file.isA(alignment.id, "IFCALIGNMENT") ? alignment.id : undefined;
  }

  /** All that decides the curve of an alignment, in order: what is nested in it, and in its whole, which can have the plan. */
  public contentOf(alignment: number): readonly number[] {
    let content = this._contents.get(alignment);
    if (content === undefined) {
      const layouts = [...this._layoutsOf(alignment), ...this._layoutsOf(this._wholeOf(alignment))];
      content = layouts.flatMap((layout) => [layout, ...this._nested(layout)]);
      this._contents.set(alignment, content);
    }
    return content;
  }

  /** Computes an alignment, once. */
  public read(alignment: number): ComputedAlignment {
    let computed = this._known.get(alignment);
    if (computed === undefined) this._known.set(alignment, (computed = this._compute(alignment)));
    return computed;
  }

  private _compute(alignment: number): ComputedAlignment {
    const faults = new Map<number, string>();
    const onFault: OnSegmentFault = (segment, reason) => faults.set(segment, reason);
    const profile = this._profile(alignment, onFault);
    const plan = this._plan(alignment, onFault);
    return { curves: new Map(plan.map((segment) => [segment.segment, lift(segment, profile)])), faults };
  }

  private _plan(alignment: number, onFault: OnSegmentFault): PlanSegment[] {
    const layout = this._layout(alignment, "IFCALIGNMENTHORIZONTAL");
    let from = 0;
    return this._nested(layout).flatMap((segment) => {
      const parameters = this._parametersOf(segment, onFault);
      if (parameters === undefined) return [];
      const length = this._length(parameters, "SegmentLength");
      const start = from;
      from += length;
      if (!(length > 0)) return []; // the last one only marks the end
      const plan = this._planOf(parameters, length);
      if (plan !== undefined) return [{ segment, from: start, length, plan }];
      onFault(segment, this._unknownType(parameters));
      return [];
    });
  }

  private _planOf(parameters: number, length: number): Curve | undefined {
    const startPoint = this._file.reference(parameters, "StartPoint");
    const curvature = (attribute: string) => {
      const radius = this._length(parameters, attribute);
      return radius === 0 ? 0 : 1 / radius;
    };
    return planOf({
      type: this._typeOf(parameters),
      start: startPoint === undefined ? zero : this._read.points.point(startPoint),
      direction: (this._file.number(parameters, "StartDirection") ?? 0) * this._read.measures.radians,
      length,
      curvatures: [curvature("StartRadiusOfCurvature"), curvature("EndRadiusOfCurvature")],
    });
  }

  private _profile(alignment: number, onFault: OnSegmentFault): ProfileSegment[] {
    const segments = this._nested(this._layout(alignment, "IFCALIGNMENTVERTICAL")).flatMap((segment) => {
      const parameters = this._parametersOf(segment, onFault);
      if (parameters === undefined) return [];
      const shape = verticalShapes[this._typeOf(parameters)];
      const length = this._length(parameters, "HorizontalLength");
      if (shape === undefined) onFault(segment, this._unknownType(parameters));
      if (shape === undefined || !(length > 0)) return [];
      const heights = shape({
        length,
        height: this._length(parameters, "StartHeight"),
        gradients: [
          this._file.number(parameters, "StartGradient") ?? 0,
          this._file.number(parameters, "EndGradient") ?? 0,
        ],
      });
      return [{ from: this._length(parameters, "StartDistAlong"), length, heights }];
    });
    return segments.sort((left, right) => left.from - right.from);
  }

  private _parametersOf(segment: number, onFault: OnSegmentFault): number | undefined {
    const parameters = this._file.reference(segment, "DesignParameters");
    if (parameters === undefined) onFault(segment, `${entityName(this._file, segment)} has no DesignParameters`);
    return parameters;
  }

  /** A vertical alignment can be a part of the alignment that has the plan. */
  private _layout(alignment: number, type: string): number | undefined {
    const ofType = (ids: readonly number[]) => ids.find((id) => this._file.isA(id, type));
    return ofType(this._layoutsOf(alignment)) ?? ofType(this._layoutsOf(this._wholeOf(alignment)));
  }

  private _layoutsOf(alignment: number | undefined): number[] {
    return this._nested(alignment).filter((id) => this._file.isA(id, "IFCLINEARELEMENT"));
  }

  private _wholeOf(alignment: number): number | undefined {
    const wholes = this._relations.relatingOf("IfcRelAggregates", alignment).map(({ id }) => id);
    return wholes.find((id) => this._file.isA(id, "IFCALIGNMENT"));
  }

  private _nested(id: number | undefined): number[] {
    return id === undefined ? [] : this._relations.relatedOf("IfcRelNests", id).map((related) => related.id);
  }

  private _typeOf(parameters: number): string {
    return this._file.text(parameters, "PredefinedType") ?? "";
  }

  private _unknownType(parameters: number): string {
    return `${entityName(this._file, parameters)} is of the type ${this._typeOf(parameters)}, whose curve is not known`;
  }

  private _length(id: number, attribute: string): number {
    return (this._file.number(id, attribute) ?? 0) * this._read.measures.metres;
  }
}

/** The heights beside the profile are those of its ends. */
function heightAt(profile: readonly ProfileSegment[], distance: number): number {
  const segment = profile.findLast(({ from }) => from <= distance + 1e-9) ?? profile[0];
  if (segment === undefined) return 0;
  return segment.heights(Math.min(Math.max(distance - segment.from, 0), segment.length));
}

function lift({ plan, from, length }: PlanSegment, profile: readonly ProfileSegment[]): Curve {
  if (profile.length === 0) return plan;
  const start = plan.distanceAt(plan.start);
  return new ByDistance(
    from,
    from + length,
    (distance) => {
      const [x, y] = plan.at(plan.parameterAt(start + distance - from));
      return [x, y, heightAt(profile, distance)];
    },
    profile.flatMap((segment) => [segment.from, segment.from + segment.length]),
  );
}
