import type { LogCapture } from "./LogCapture.js";
import type { Mesher, Meshers } from "./Meshers.js";
import { SliceMesher } from "./SliceMesher.js";

/** Meshes in the thread that reads the file: on few cores another thread would cost more than it gives. */
export class OwnMesher implements Meshers {
  public readonly ahead = 0;
  private _mesher?: SliceMesher;

  public constructor(private readonly _log: LogCapture) {}

  /** web-ifc is compiled by threads of V8 while this one reads. */
  public warmUp(): void {
    this.choose();
  }

  public choose(): Mesher {
    return (this._mesher ??= new SliceMesher(this._log));
  }
}
