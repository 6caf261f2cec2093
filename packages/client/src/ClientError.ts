/**
 * The optional parts of a {@link ClientError}.
 * @public
 */
export interface ClientErrorOptions {
  /** One sentence that tells the user what to do. */
  advice?: string;
  /** The file that has the problem: its path, or its name. */
  file?: string;
  /** The error that led to this one, such as an `ApiError`. */
  cause?: unknown;
}

/**
 * An error that a user can act on, with a stable code, one sentence on what is wrong, and advice.
 * @public
 */
export class ClientError extends Error {
  /** Scope and key in kebab case, such as `client/no-answer`. Stable from version to version. */
  public readonly code: string;
  /** One sentence that tells the user what to do. */
  public readonly advice?: string;
  /** The file that has the problem: its path, or its name. */
  public readonly file?: string;

  public constructor(code: string, message: string, { advice, file, cause }: ClientErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ClientError";
    this.code = code;
    this.advice = advice;
    this.file = file;
  }
}

/** The first line of the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const [line = ""] = text.trim().split(/\r?\n/);
  return line;
}
