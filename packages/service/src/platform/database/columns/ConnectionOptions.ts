/** How the runs of a connection are executed: options of the framework's `RunOptions`. */
export interface ConnectionOptions {
  /** Whether a task fails if its connector leaves something out. */
  strict?: boolean;
  /** How many entities a task may delete: `5%`, a number, or `none`. */
  maxDeletions?: string;
  /** What may change about the classes of a file. */
  schemaContract?: "evolve" | "freeze" | "report";
}

const names: Record<keyof ConnectionOptions, true> = { strict: true, maxDeletions: true, schemaContract: true };

/** The names of all options. */
export const connectionOptionNames: readonly string[] = Object.keys(names);
