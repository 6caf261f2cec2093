/**
 * What is wrong with a text of records. A reader makes an error of it.
 * @internal
 */
export class RecordFault extends Error {
  /** The line where it is, once that is known. */
  public line?: number;

  public constructor(
    /** The code of the error without its scope. */
    public readonly key: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text is no JSON. */
export class SyntaxFault extends RecordFault {
  public constructor(message: string, options?: ErrorOptions) {
    super("syntax", message, options);
  }
}

/** The text ends too early. */
export class EndFault extends SyntaxFault {}

/** So deep can lists and objects be nested. */
const deepestNesting = 100;

/**
 * Refuses what no honest source does.
 * @throws RecordFault `too-deep`
 */
export function checkDepth(depth: number): void {
  if (depth > deepestNesting) throw new RecordFault("too-deep", `It is nested more than ${deepestNesting} deep.`);
}
