import { valueChecksOf } from "../src/sync/values/ValueChecks.js";
import type { Site } from "./contenders.js";
import { Ours } from "./ours.js";

/** The framework without the checks of values, to tell what these cost. */
export class Unchecked extends Ours {
  public constructor(site: Site) {
    super(site);
    valueChecksOf(site.imodel).checkTree = () => {};
  }
}
