import type { Options } from "yargs";

const group = "Output:";

/** The flags for the output of a run. Other commands have some of them. */
export const outputFlags: Record<string, Options> = {
  json: { type: "boolean", group, describe: "Print the result as JSON" },
  quiet: { type: "boolean", group, describe: "Print only errors", conflicts: "verbose" },
  verbose: { type: "boolean", group, describe: "Print the log, every change, and the stack of an error" },
};

/** How a command prints its result, as parsed flags. */
export interface OutputFlags {
  json?: boolean;
  verbose?: boolean;
}

/** How much a report shows. */
export interface ReportOptions {
  /** Whether to show every change and the stack of an error. */
  verbose: boolean;
}
