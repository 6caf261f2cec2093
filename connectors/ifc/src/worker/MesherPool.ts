import type { Mesher, Meshers } from "./Meshers.js";
import { MesherThread } from "./MesherThread.js";

/** Threads that mesh. Each starts when there is a slice for it. */
export class MesherPool implements Meshers {
  private readonly _threads: MesherThread[] = [];

  /** @param ahead - at most so many threads */
  public constructor(public readonly ahead: number) {}

  /** The first thread loads web-ifc while the file is read. */
  public warmUp(): void {
    if (this._threads.length === 0) this._threads.push(new MesherThread());
  }

  /** The thread with the fewest slices. */
  public choose(): Mesher {
    const [first] = this._threads.toSorted((left, right) => left.load - right.load);
    if (first !== undefined && (first.load === 0 || this._threads.length >= this.ahead)) return first;
    const added = new MesherThread();
    this._threads.push(added);
    return added;
  }
}
