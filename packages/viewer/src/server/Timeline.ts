/** A version of an iModel in a bank. */
export interface TimelineVersion {
  readonly index: number;
  /** The names that people gave it. */
  readonly names: readonly string[];
  /** What its run says of it. */
  readonly description?: string;
  /** When it was pushed, as ISO 8601. */
  readonly pushed?: string;
}

/** What is shown: a version, or what changed between two. */
export interface TimelineStep {
  readonly from?: number;
  readonly to: number;
}

/** The versions among which the user of the page goes. */
export interface Timeline {
  /** What the page shows. */
  readonly step: TimelineStep;
  /** All versions, oldest first. They are read for each request, because runs add versions meanwhile. */
  versions(): readonly TimelineVersion[];
  /** Makes a page for another step. @returns its address, with its token */
  open(step: TimelineStep): Promise<string>;
}
