import type { Appearance } from "./Appearances.js";
import {
  addTo,
  type BatchGraphics,
  type Instance,
  type InstanceGroup,
  type LinePiece,
  type MeshPiece,
  type Placement,
  type Shape,
  type Vector,
} from "./BatchGraphics.js";

/** What a vertex and an index take, in bytes, where every mesh is written by itself. */
const bytesOfVertex = 28;
const bytesOfIndex = 4;
/** What an instance takes at most. */
const bytesOfInstance = 44;

/** A mesh that may become an instance of a shape, or be drawn as it is. */
interface Candidate {
  readonly piece: MeshPiece;
  readonly placementOf: () => Placement;
}

/** Meshes of the same shape and appearance. */
interface Candidates {
  readonly shape: Shape;
  readonly appearance: Appearance;
  readonly isPart: boolean;
  readonly list: Candidate[];
}

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
  private readonly _meshes = new Map<Appearance, MeshPiece[]>();
  private readonly _lines = new Map<Appearance, LinePiece[]>();
  private readonly _candidates = new Map<string, Candidates>();
  private _vertices = 0;

  public constructor(
    private readonly _center: Vector,
    private readonly _policy: InstancePolicy,
  ) {}

  /** How many vertices the batch has so far. */
  public get vertices(): number {
    return this._vertices;
  }

  /** Adds a mesh that has a shape. Its place is only asked for if it becomes an instance. */
  public addShape(
    piece: MeshPiece,
    appearance: Appearance,
    shape: Shape,
    isPart: boolean,
    placementOf: () => Placement,
  ): void {
    this._vertices += piece.mesh.points.length / 3;
    const key = `${appearance.index} ${shape.key}`;
    const known = this._candidates.get(key);
    if (known === undefined) this._candidates.set(key, { shape, appearance, isPart, list: [{ piece, placementOf }] });
    else known.list.push({ piece, placementOf });
  }

  /** Adds a mesh that is drawn as it is. */
  public addMesh(piece: MeshPiece, appearance: Appearance): void {
    this._vertices += piece.mesh.points.length / 3;
    addTo(this._meshes, appearance, piece);
  }

  /** Adds lines or points. */
  public addLines(piece: LinePiece, appearance: Appearance): void {
    if (piece.indices.length === 0) return;
    this._vertices += piece.points.length / 3;
    addTo(this._lines, appearance, piece);
  }

  /** Decides what becomes instances, and hands over the batch. */
  public finish(): BatchGraphics {
    const instances: InstanceGroup[] = [];
    const groups = [...this._candidates.values()].sort((left, right) => saved(right) - saved(left));
    groups.forEach((group, rank) => {
      if (this._areInstances(group, rank)) instances.push(instanceGroup(group));
      else for (const { piece } of group.list) addTo(this._meshes, group.appearance, piece);
    });
    return { center: this._center, meshes: this._meshes, lines: this._lines, instances };
  }

  private _areInstances(group: Candidates, rank: number): boolean {
    const { groups, worthwhile } = this._policy;
    if (group.list.length < (group.isPart ? 2 : 8)) return false;
    return saved(group) >= worthwhile || (rank < groups && saved(group) > 0);
  }
}

/** How many bytes it saves to write a mesh once. */
function saved({ shape: { mesh }, list }: Candidates): number {
  const bytesOfMesh = (mesh.points.length / 3) * bytesOfVertex + mesh.indices.length * bytesOfIndex;
  return (list.length - 1) * bytesOfMesh - list.length * bytesOfInstance;
}

function instanceGroup({ shape, appearance, list }: Candidates): InstanceGroup {
  const instances = list.map(({ piece: { element }, placementOf }): Instance => ({
    element,
    placement: placementOf(),
  }));
  return { shape, appearance, instances };
}
