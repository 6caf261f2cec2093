import { performance } from "node:perf_hooks";
import { BeEvent } from "@itwin/core-bentley";
import type { RunPhase } from "../ConnectorError.js";
import type { PhaseTime } from "./RunResult.js";

/**
 * Where a run is.
 * @public
 */
export interface RunProgress {
  /** The phase that it is in. */
  phase: RunPhase;
  /** Entities of the source that were looked at so far. */
  items: number;
  /** How much of `total` is done in this phase, in a unit of the connector's choice. Absent where it does not tell. */
  done?: number;
  /** What `done` will be at the end of the phase. */
  total?: number;
}

/** Measures the phases of a run and tells who listens where it is. */
export class ProgressReporter {
  /** Raised when a phase begins and whenever there is news. Listeners must limit their own cost. */
  public readonly onProgress = new BeEvent<(progress: RunProgress) => void>();
  /** The phases that were entered, in order. */
  public readonly phases: PhaseTime[] = [];
  private _progress: RunProgress = { phase: "arguments", items: 0 };

  /** The phase that the run is in. */
  public get phase(): RunPhase {
    return this._progress.phase;
  }

  /** Carries out a phase and measures it. */
  public async measure<T>(phase: RunPhase, work: () => Promise<T> | T): Promise<T> {
    this._report({ phase, items: this._progress.items });
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.phases.push({ phase, milliseconds: performance.now() - start });
    }
  }

  /** Notes how many entities were looked at. */
  public reportItems(items: number): void {
    this._report({ ...this._progress, items });
  }

  /** Notes how far the current phase is. */
  public reportFraction(done: number, total: number): void {
    this._report({ ...this._progress, done, total });
  }

  private _report(progress: RunProgress): void {
    this._progress = progress;
    this.onProgress.raiseEvent(progress);
  }
}
