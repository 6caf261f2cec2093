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
