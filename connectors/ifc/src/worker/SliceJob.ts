import { buffersOf } from "./buffersOf.js";
import type { MesherSlice, MeshResult } from "./mesherMessages.js";
import type { Mesher } from "./Meshers.js";

/** So many requests are on their way: enough that a thread never waits for the next one. */
const depth = 8;

/** What a job is made of. */
export interface JobParts {
  /** By which its mesher knows it. */
  readonly number: number;
  readonly slice: MesherSlice;
  /** The level of its circles. */
  readonly level: number;
  /** The entities of the slice, in the order in which they are asked for. */
  readonly entities: ReadonlySet<number>;
  /** Whether web-ifc may be asked for an entity. */
  canMesh(id: number): boolean;
  /** Told when a mesh arrives. */
  onResult(): void;
}

/** A slice in a mesher, with the meshes that are made before they are asked for. */
export class SliceJob {
  public readonly entities: ReadonlySet<number>;
  public readonly level: number;
  private readonly _ahead: number[];
  private readonly _results = new Map<number, Promise<MeshResult>>();
  /** The bytes of the meshes that wait to be asked for, by entity. */
  private readonly _sizes = new Map<number, number>();
  private _bytes = 0;
  private _running = 0;
  private _isOpen = true;

  public constructor(
    private readonly _mesher: Mesher,
    private readonly _parts: JobParts,
  ) {
    this.entities = _parts.entities;
    this.level = _parts.level;
    this._ahead = [...this.entities];
    _mesher.open(_parts.number, _parts.slice);
  }

  /** Whether entities are left that can be meshed ahead. */
  public get hasMore(): boolean {
    return this._ahead.length > 0;
  }

  /** Whether all that can be meshed ahead is meshed. */
  public get isMeshed(): boolean {
    return !this.hasMore && this._running === 0;
  }

  /** Whether nothing of it is left to be asked for. */
  public get isTaken(): boolean {
    return this.isMeshed && this._results.size === 0;
  }

  /** The bytes of the meshes that wait to be asked for. */
  public get bytes(): number {
    return this._bytes;
  }

  /** Whether the mesh of an entity is made, or will be. */
  public has(id: number): boolean {
    return this._results.has(id) || this._ahead.includes(id);
  }

  /** Has the next entities meshed, as many as the mesher can use. */
  public advance(): void {
    while (this._running < depth) {
      const id = this._ahead.shift();
      if (id === undefined) return;
      if (this._parts.canMesh(id)) this._results.set(id, this._start(id));
    }
  }

  /** The meshes of an entity, which can be taken once. */
  public async take(id: number): Promise<MeshResult> {
    const known = this._results.get(id);
    this._results.delete(id);
    this._bytes -= this._sizes.get(id) ?? 0;
    this._sizes.delete(id);
    if (known !== undefined) return known;
    const place = this._ahead.indexOf(id);
    if (place >= 0) this._ahead.splice(place, 1);
    return this._start(id);
  }

  /** Takes the slice from the mesher. The meshes that are made can still be taken. */
  public close(): void {
    if (this._isOpen) this._mesher.close(this._parts.number);
    this._isOpen = false;
    this._ahead.length = 0;
  }

  private async _start(id: number): Promise<MeshResult> {
    this._running++;
    const result = await this._mesher.mesh(this._parts.number, id);
    this._running--;
    if (this._results.has(id)) this._weigh(id, result);
    this._parts.onResult();
    return result;
  }

  private _weigh(id: number, result: MeshResult): void {
    const size = buffersOf(result).reduce((sum, { byteLength }) => sum + byteLength, 0);
    this._sizes.set(id, size);
    this._bytes += size;
  }
}
