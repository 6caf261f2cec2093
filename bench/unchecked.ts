import type { Site } from "./contenders.js";
import { Ours } from "./ours.js";

/** The framework without the checks of values, to tell what these cost. */
export class Unchecked extends Ours {
  public constructor(site: Site) {
    super(site);
    this.synchronizer.valueChecks.checkTree = () => {};
  }
}
