import { inspect } from "node:util";

/**
 * The steps of a run, in the order in which they happen.
 * `docs/life-cycle.md` says what each one does.
 * @public
 */
export type RunPhase =
  | "arguments"
  | "load"
  | "fetch"
  | "initialize"
  | "open"
  | "source"
  | "schemas"
  | "job"
  | "definitions"
  | "data"
  | "deletion"
  | "finish";

/**
 * Where in the source a problem lies. Give what is known; every part is optional.
 * @public
 */
export interface SourceLocation {
  /** Path or URL of the source file. */
  file?: string;
  /** Line of the file, counted from 1. */
  line?: number;
  /** Sheet of a workbook. */
  sheet?: string;
  /** Table of a database or of a file with several tables. */
  table?: string;
  /** Number of the record in its table, counted from 1. */
  record?: number;
  /** Cell of a sheet, such as `B7`, or the name of a column. */
  cell?: string;
  /** Identifier of the source entity. */
  entity?: string;
}

/**
 * What can be done after an error: nothing (`fatal`: the run ends), the same again later
 * (`retriable`), or go on without the entity (`skippable`).
 * @public
 */
export type ErrorRecovery = "fatal" | "retriable" | "skippable";

/**
 * What a {@link ConnectorError} is made of, beside its code and message.
 * @public
 */
export interface ConnectorErrorOptions {
  /** The step of the run in which it happened. The runner fills it in where it is missing. */
  phase?: RunPhase;
  /** Where in the source the problem lies. */
  source?: SourceLocation;
  /** One sentence that tells the user what to do. */
  advice?: string;
  /** Default: `fatal`. */
  recovery?: ErrorRecovery;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * An error that a user can act upon: a stable code, one sentence on what is wrong, where, and what to do.
 *
 * Connectors throw it for problems of the source. A broken invariant of the code itself stays a plain `Error`.
 * @public
 */
export class ConnectorError extends Error {
  /** Scope and key in kebab case, such as `csv/ragged-row`. Stable from version to version. */
  public readonly code: string;
  /** The step of the run in which it happened. */
  public phase?: RunPhase;
  /** Where in the source the problem lies. */
  public readonly source?: SourceLocation;
  /** One sentence that tells the user what to do. */
  public readonly advice?: string;
  /** Whether the run can go on without the entity, or be repeated as it is. */
  public readonly recovery: ErrorRecovery;

  public constructor(code: string, message: string, options: ConnectorErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ConnectorError";
    this.code = code;
    this.phase = options.phase;
    this.source = options.source;
    this.advice = options.advice;
    this.recovery = options.recovery ?? "fatal";
  }

  /**
   * The given error as a `ConnectorError` of the given phase: itself if it is one, else wrapped under `code`
   * with the first line of its message.
   */
  public static from(error: unknown, phase: RunPhase, code: string, advice?: string): ConnectorError {
    if (error instanceof ConnectorError) {
      error.phase ??= phase;
      return error;
    }
    return new ConnectorError(code, messageOf(error), { phase, advice, cause: error });
  }
}

/**
 * The first line of the message of anything that was thrown; core-backend throws strings at times. The rest of it is in
 * the cause.
 */
export function messageOf(error: unknown): string {
  if (error === undefined || error === null) return `${error} was thrown instead of an error`;
  const text = error instanceof Error ? error.message || error.name : textOf(error);
  return text.trim().replace(/\r?\n[^]*$/, "");
}

function textOf(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : inspect(thrown, { breakLength: Infinity });
}

/**
 * The location as a person reads it, such as `parts.csv, line 12` or `site.xlsx, sheet Pumps, cell B7`.
 * Empty where nothing is known.
 */
export function describeLocation(location: SourceLocation | undefined): string {
  if (location === undefined) return "";
  const parts = [
    location.file,
    location.sheet === undefined ? undefined : `sheet ${location.sheet}`,
    location.table === undefined ? undefined : `table ${location.table}`,
    location.record === undefined ? undefined : `record ${location.record}`,
    location.line === undefined ? undefined : `line ${location.line}`,
    location.cell === undefined ? undefined : `cell ${location.cell}`,
    location.entity === undefined ? undefined : `entity ${location.entity}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
