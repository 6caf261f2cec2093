import { Worker } from "node:worker_threads";
import { expectDefined } from "../expectDefined.js";
import type { MesherRequest, MesherSlice, MeshResult } from "./mesherMessages.js";
import type { Mesher } from "./Meshers.js";
import { execArgv, stackSizeMb, threadModule } from "./threadModule.js";

/** The heap of the thread, in MB. Slices, meshes and web-ifc's own memory are not on it. */
const heapMb = 512;

/** A thread that meshes, as the thread that reads the file has it. It ends with that one. */
export class MesherThread implements Mesher {
  private readonly _worker: Worker;
  /** Who waits for an answer, in the order of the requests. */
  private readonly _waiting: ((result: MeshResult) => void)[] = [];
  private _load = 0;

  /** Starts the thread, which loads web-ifc at once. */
  public constructor() {
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, stackSizeMb };
    this._worker = new Worker(threadModule("mesherWorker"), { resourceLimits, execArgv });
    this._worker.unref();
    this._worker.on("message", (result: MeshResult) => expectDefined(this._waiting.shift())(result));
    // Nobody listens to its errors, so that they end the thread that reads the file, and the run hears of them.
  }

  /** How many slices it has. */
  public get load(): number {
    return this._load;
  }

  public open(number: number, slice: MesherSlice): void {
    this._load++;
    this._send({ open: number, slice }, [slice.text.buffer as ArrayBuffer]);
  }

  public async mesh(number: number, id: number): Promise<MeshResult> {
    const result = new Promise<MeshResult>((resolve) => this._waiting.push(resolve));
    this._send({ mesh: id, of: number });
    return result;
  }

  public close(number: number): void {
    this._load--;
    this._send({ close: number });
  }

  private _send(request: MesherRequest, transfer: ArrayBuffer[] = []): void {
    this._worker.postMessage(request, transfer);
  }
}
