import type { ItemCounts } from "../../run/RunResult.js";

/**
 * The states of the source that a sample holds, each in a folder of that name, with or without a number in front:
 * `1-first`, `2-changed`, and so on.
 * - `first`: the source as it comes first;
 * - `changed`: the same with one change;
 * - `deleted`: `first` without one of its entities;
 * - `reordered`: `first` in another order. Missing where the order means something, or there is none;
 * - `other`: another document. Missing: `first` under another name.
 * @public
 */
export type SampleVersion = "first" | "changed" | "deleted" | "reordered" | "other";

/**
 * What the file `sample.json` of a sample says. All of it is optional.
 * @public
 */
export interface SampleDescription {
  /** The name of the source file, where a folder holds several. */
  source?: string;
  /** The name of the source file of `other`, where it holds several. Default: `source`. */
  otherSource?: string;
  /** Arguments for the connector, as `argsJson`. */
  args?: unknown;
  /**
   * What a run on each version counts, after `first`. Default: `changed` counts one changed item and `deleted` one deleted
   * item, and nothing else is written.
   */
  expected?: Partial<Record<SampleVersion, Partial<ItemCounts>>>;
  /** How the check of the memory is done; see {@link MemoryBound}. */
  memory?: Partial<MemoryBound>;
}

/**
 * How much a run may hold in memory. The heap may grow by so many bytes for each entity, which are what the framework and
 * the connector remember it by, and by so many for all else, however large the entities are.
 * @public
 */
export interface MemoryBound {
  /** How many entities the generated source has. Default: 10,000. */
  entities: number;
  /** Default: 1,000. */
  bytesPerEntity: number;
  /** Default: 50,000,000. */
  bytesForAll: number;
}
