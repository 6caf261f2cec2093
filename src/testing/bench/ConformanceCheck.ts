import type { RunResult } from "../../run/RunResult.js";
import { Finding } from "./Finding.js";
import type { Sample, SourceGenerator } from "./Sample.js";
import type { SampleVersion } from "./SampleDescription.js";
import type { BenchRun, Workbench } from "./Workbench.js";

/** What a check works on. Its functions are bound, so that a check can take it apart. */
export class CheckContext {
  public constructor(
    public readonly sample: Sample,
    public readonly bench: Workbench,
    public readonly generate?: SourceGenerator,
  ) {}

  /** Makes the source be in a version. */
  public readonly put = (version: SampleVersion): string => {
    if (!this.sample.has(version)) throw new Finding(`a folder "${version}" in the sample`, "none");
    return this.sample.put(version, this.bench.sourceFolder);
  };

  /** Runs the connector on a version of the source. */
  public readonly run = async (version: SampleVersion, options?: BenchRun): Promise<RunResult> => {
    return this.bench.run(this.put(version), options);
  };

  /** The same for a run that must succeed. */
  public readonly sync = async (version: SampleVersion, options?: BenchRun): Promise<RunResult> => {
    return this.bench.sync(this.put(version), options);
  };
}

/** Something that every connector must do. */
export interface ConformanceCheck {
  /** Stable. */
  readonly name: string;
  /** What must hold, as a sentence about the connector. */
  readonly title: string;
  /**
   * Carries out the check.
   * @returns what was found
   * @throws Finding if it does not hold, and Skipped if the sample is not made for it
   */
  run(context: CheckContext): Promise<string>;
}

/** The counts of a run, as a person reads them. */
export function describeCounts({ counts, elements }: RunResult): string {
  const { inserted, updated, deleted } = elements;
  return (
    `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.deleted} deleted; ` +
    `elements: ${inserted} inserted, ${updated} updated, ${deleted} deleted`
  );
}
