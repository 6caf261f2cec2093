import type { Appearance } from "./Appearances.js";
import { addTo, type BatchGraphics, type LinePiece, type Shape, type ShapeGroup } from "./BatchGraphics.js";
import type { Vector } from "./Matrix.js";
import { Placements } from "./Placements.js";
import { ShapeFinder } from "./ShapeFinder.js";

/** What a vertex and an index take, in bytes, where every mesh is written by itself. */
const bytesOfVertex = 28;
const bytesOfIndex = 4;
/** What an instance takes at most, in bytes. */
const bytesOfInstance = 44;

/** How eagerly meshes of the same shape become instances. Each group of instances is drawn by itself. */
export interface InstancePolicy {
  /** So many groups of a batch become instances even if little is saved. */
  readonly groups: number;
  /** Groups that save more, in bytes, become instances in any case. */
  readonly worthwhile: number;
}

/** Every mesh by itself. */
export const noInstances: InstancePolicy = { groups: 0, worthwhile: Infinity };

/** Collects the graphics of a batch. */
export class BatchBuilder {
  public readonly shapes = new ShapeFinder();
  private readonly _lines = new Map<Appearance, LinePiece[]>();
  private readonly _groups = new Map<Shape, ShapeGroup[]>();
  private _vertices = 0;

  public constructor(
    private readonly _center: Vector,
    private readonly _policy: InstancePolicy,
  ) {}

  /** How many vertices of lines and of different shapes the batch has so far. */
  public get vertices(): number {
    return this._vertices;
  }

  /** Where the elements that show a shape, and look the same, are. */
  public placementsOf(shape: Shape, appearance: Appearance): Placements {
    const known = this._groups.get(shape)?.find((group) => group.appearance === appearance);
    if (known !== undefined) return known.placements;
    this._vertices += shape.mesh.points.length / 3;
    const placements = new Placements();
    addTo(this._groups, shape, { shape, appearance, placements });
    return placements;
  }

  /** Adds lines or points. */
  public addLines(piece: LinePiece, appearance: Appearance): void {
    if (piece.indices.length === 0) return;
    this._vertices += piece.points.length / 3;
    addTo(this._lines, appearance, piece);
  }

  /** Decides what becomes instances, and hands over the batch. */
  public finish(): BatchGraphics {
    const meshes = new Map<Appearance, ShapeGroup[]>();
    const instances: ShapeGroup[] = [];
    const groups = [...this._groups.values()].flat().sort((left, right) => saved(right) - saved(left));
    groups.forEach((group, rank) => {
      if (this._areInstances(group, rank)) instances.push(group);
      else addTo(meshes, group.appearance, group);
    });
    return { center: this._center, meshes, lines: this._lines, instances };
  }

  private _areInstances(group: ShapeGroup, rank: number): boolean {
    const { groups, worthwhile } = this._policy;
    if (group.placements.length < (group.shape.isPart ? 2 : 8)) return false;
    return saved(group) >= worthwhile || (rank < groups && saved(group) > 0);
  }
}

/** How many bytes it saves to write a mesh once. */
function saved({ shape: { mesh }, placements: { length } }: ShapeGroup): number {
  const bytesOfMesh = (mesh.points.length / 3) * bytesOfVertex + mesh.indices.length * bytesOfIndex;
  return (length - 1) * bytesOfMesh - length * bytesOfInstance;
}
