import { ClientError } from "../ClientError.js";

/**
 * Content that can be uploaded, and read again if the upload is repeated. A `File` of a browser is turned into one;
 * `openFile` of `itwin-connector-client/node` makes one of a file on disk.
 */
export interface UploadSource {
  /** The name of the file with its extension, such as `plant.csv`. */
  readonly name: string;
  /** Where the file is, for error messages. Default: `name`. */
  readonly path?: string;
  /** The length of the content, in bytes. */
  readonly size: number;
  /**
   * Reads a part of the content. A `Blob` is sent as it is. Chunks are streamed, which most browsers refuse to do over
   * HTTP/1.1.
   * @param start - the offset of the first byte
   * @param end - the offset after the last byte
   */
  read(start: number, end: number): Blob | AsyncIterable<Uint8Array>;
  /**
   * Resolves if the content is what it was when the source was made.
   * @throws ClientError `client/file-changed`
   */
  ensureUnchanged(): Promise<void>;
}

/** The source itself, or the source that reads a `File`. */
export function sourceOf(file: File | UploadSource): UploadSource {
  return file instanceof Blob ? new FileSource(file) : file;
}

/** An error for a file whose content is no longer what it was. */
export function fileChanged(path: string, cause?: unknown): ClientError {
  return new ClientError("client/file-changed", "The file changed during the upload. Nothing of it was stored.", {
    file: path,
    cause,
    advice: "Wait until the program that writes the file has finished, then upload it again.",
  });
}

/** Reads a `File`: one that the user of a page has chosen, or one made by a program. */
class FileSource implements UploadSource {
  public readonly name: string;
  public readonly size: number;

  public constructor(private readonly _file: File) {
    this.name = _file.name;
    this.size = _file.size;
  }

  public read(start: number, end: number): Blob {
    return this._file.slice(start, end);
  }

  /** A browser refuses to read a file that was changed after the user chose it. */
  public async ensureUnchanged(): Promise<void> {
    try {
      await this._file.slice(0, 1).arrayBuffer();
    } catch (error) {
      throw fileChanged(this.name, error);
    }
  }
}
