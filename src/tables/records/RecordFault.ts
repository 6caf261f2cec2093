import { findLineOfByte, type TextFile } from "../text/TextFile.js";

/**
 * What a format allows and records do not.
 * @internal
 */
export class RecordFault extends Error {
  /** @param key - the code of the error that it becomes, without the connector's own */
  public constructor(
    /** The code of the error without its scope. */
    public readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The error for what a parser has thrown: one with a line, under `syntax` where it is no {@link RecordFault}. What has a
 * code already stays as it is.
 * @param offset - how far the parser came, in bytes of the text as UTF-8
 * @internal
 */
export async function explainFault(error: unknown, file: TextFile, offset: number, advice: string): Promise<unknown> {
  if (!(error instanceof Error) || "code" in error) return error;
  const [key, start] = error instanceof RecordFault ? [error.key, ""] : ["syntax", "The text cannot be read: "];
  const source = { line: await findLineOfByte(file, offset) };
  return file.errors.make(key, start + error.message, { source, advice, cause: error });
}
