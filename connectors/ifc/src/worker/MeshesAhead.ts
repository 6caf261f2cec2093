import { StepSyntaxError } from "../step/StepSyntaxError.js";
import type { MesherSlice, MeshResult } from "./mesherMessages.js";
import type { Meshers } from "./Meshers.js";
import type { MeshingOrder } from "./MeshingOrder.js";
import { SliceJob } from "./SliceJob.js";

/** Meshes that wait to be asked for take about so many bytes at most. */
const mostWaiting = 64 * 1024 * 1024;

/** Where slices come from. web-ifc takes one number of segments for a slice, so that each level of circles has its own. */
export interface MeshSource {
  /** A slice of a level with the first of the entities, and the next ones as far as they fit. */
  cut(ids: readonly number[], level: number): { readonly slice: MesherSlice; readonly entities: ReadonlySet<number> };
  /** The level of the circles of an entity. */
  levelOf(id: number): number;
  /** Whether web-ifc may be asked for an entity. */
  canMesh(id: number): boolean;
}

/**
 * Has the entities meshed that are sure to be asked for, a slice in each thread, and any other one when it is asked for.
 * What is in a slice does not depend on the number of threads, nor does the order of its entities.
 */
export class MeshesAhead {
  /** Those that are in no slice yet, in order. */
  private readonly _expected = new Set<number>();
  /** The slices of those that are, in order. */
  private _jobs: SliceJob[] = [];
  /** The slices of those that are asked for without being expected: the last one of each level. */
  private readonly _guessed = new Map<number, SliceJob>();
  private _slices = 0;
  private _isDamaged = false;

  public constructor(
    private readonly _meshers: Meshers,
    private readonly _source: MeshSource,
    private readonly _order: MeshingOrder,
  ) {}

  /** Told which entities are sure to be asked for, in this order, after those that it was told before. */
  public expect(ids: readonly number[]): void {
    for (const id of ids) this._expected.add(id);
    this._advance();
  }

  /**
   * The meshes of an entity.
   * @throws StepSyntaxError where the file is damaged
   */
  public async mesh(id: number): Promise<MeshResult> {
    const result = this._jobOf(id).take(id);
    this._advance();
    return result;
  }

  private _jobOf(id: number): SliceJob {
    const known = this._jobs.find((candidate) => candidate.has(id));
    if (known === undefined && !this._expected.has(id)) return this._guess(id);
    const job = known ?? this._start(id);
    this._leaveBehind(job);
    return job;
  }

  /** Nobody asks for what is left of the earlier slices of a level. */
  private _leaveBehind(job: SliceJob): void {
    const isLeft = (other: SliceJob, place: number) => other.level === job.level && place < this._jobs.indexOf(job);
    for (const left of this._jobs.filter(isLeft)) left.close();
    this._jobs = this._jobs.filter((other, place) => !isLeft(other, place));
  }

  private _guess(id: number): SliceJob {
    const level = this._source.levelOf(id);
    const known = this._guessed.get(level);
    if (known?.entities.has(id) === true) return known;
    known?.close();
    const job = this._cut(id, level);
    this._guessed.set(level, job);
    return job;
  }

  /** Begins the next slice of an expected entity. */
  private _start(id: number): SliceJob {
    const job = this._cut(id, this._source.levelOf(id));
    for (const cut of job.entities) this._expected.delete(cut);
    this._jobs.push(job);
    return job;
  }

  private _cut(id: number, level: number): SliceJob {
    const next = this._order.nextFrom(id).filter((other) => this._source.levelOf(other) === level);
    const { slice, entities } = this._source.cut(next, level);
    const canMesh = (other: number) => this._source.canMesh(other);
    const number = this._slices++;
    const onResult = () => this._advance();
    return new SliceJob(this._meshers.choose(), { number, slice, level, entities, canMesh, onResult });
  }

  /** Gives the threads what they can do. A file that is damaged ends the run when it comes to the entity, not before. */
  private _advance(): void {
    if (this._isDamaged) return;
    try {
      for (const job of this._jobs) this._advanceJob(job);
      this._jobs = this._jobs.filter(({ isTaken }) => !isTaken);
      while (this._hasRoom && this._hasIdleThread) {
        const [next] = this._expected;
        if (next === undefined) return;
        this._start(next).advance();
      }
    } catch (error) {
      if (!(error instanceof StepSyntaxError)) throw error;
      this._isDamaged = true;
    }
  }

  private _advanceJob(job: SliceJob): void {
    if (this._hasRoom) job.advance();
    if (job.isMeshed) job.close();
  }

  private get _hasRoom(): boolean {
    return this._meshers.ahead > 0 && this._jobs.reduce((sum, { bytes }) => sum + bytes, 0) < mostWaiting;
  }

  /** Whether a thread will soon have nothing to do: one slice more than there are threads is on its way then. */
  private get _hasIdleThread(): boolean {
    const running = this._jobs.filter(({ isMeshed }) => !isMeshed);
    const { ahead } = this._meshers;
    return running.length <= ahead && running.filter(({ hasMore }) => hasMore).length < ahead;
  }
}
