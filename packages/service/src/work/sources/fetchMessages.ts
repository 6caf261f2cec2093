/** One URL that is to be fetched into a new file. */
export interface FetchTask {
  kind: "fetch";
  id: number;
  url: string;
  /** The path of the file. */
  path: string;
  /** Whether the content must be JSON, which is held in memory and so is limited. */
  isJson: boolean;
}

/** A message to the fetching process. */
export type FetchMessage = FetchTask | { kind: "abort"; id: number };

/** Why a URL was not fetched: a `FetchError`, or an error of the file system where there is a `syscall`. */
export interface FetchFailure {
  code: string;
  message: string;
  advice?: string;
  isRetriable: boolean;
  syscall?: string;
}

/** What the fetching process answers to a task. */
export interface FetchOutcome {
  id: number;
  failure?: FetchFailure;
}
