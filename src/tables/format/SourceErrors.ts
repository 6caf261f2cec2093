import { ConnectorError, type ConnectorErrorOptions, type SourceLocation } from "../../ConnectorError.js";

/**
 * Makes the errors of one document: their codes begin with the connector's own, and each location has the file.
 * @public
 */
export class SourceErrors {
  /**
   * @param _code - what the codes begin with, such as `csv`
   * @param file - path of the document
   */
  public constructor(
    private readonly _code: string,
    /** The path of the document. */
    public readonly file: string,
  ) {}

  /** An error under `<code>/<key>`. Where a location is given, it lies in the file. */
  public make(
    key: string,
    message: string,
    options: ConnectorErrorOptions & { source?: SourceLocation },
  ): ConnectorError {
    const source = options.source && { file: this.file, ...options.source };
    return new ConnectorError(`${this._code}/${key}`, message, { ...options, source });
  }
}

/** So many names are listed, so that a message stays a line or two. */
const listedNames = 20;
const listedLength = 40;

/** Names of columns or options as a person reads them. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, listedNames).map(shorten).join(", ");
  const left = names.length - listedNames;
  return left > 0 ? `${listed} and ${left} more` : listed;
}

/** A name from the source in one line of bounded length. */
export function shorten(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > listedLength ? `${line.slice(0, listedLength)}…` : line;
}
