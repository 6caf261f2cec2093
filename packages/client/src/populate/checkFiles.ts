import { ClientError } from "../ClientError.js";
import { connectorTypeOf, extensionsOf } from "../connectorTypes.js";
import { sourceOf, type UploadSource } from "../upload/UploadSource.js";

/** A file to bring into an iModel. */
export interface PopulateFile {
  /** A `File` of a browser, or what `openFile` of `itwin-connector-client/node` returns. */
  file: File | UploadSource;
  /**
   * The connector that reads the file. Default: the type that the file already has in a connection, otherwise the most
   * generic type for its extension.
   */
  connectorType?: string;
}

/** A file that can be uploaded. */
export interface CheckedFile {
  source: UploadSource;
  connectorType: string;
  /** Whether the user chose the type. */
  isTypeGiven: boolean;
}

/**
 * Checks files before anything is sent.
 * @throws ClientError `usage/...`
 */
export function checkFiles(files: readonly PopulateFile[]): CheckedFile[] {
  if (files.length === 0) throw wrong("no-file", "No files were given.", "Name at least one file.");
  const checked = files.map(checkFile);
  refuseSameNames(checked);
  return checked;
}

function checkFile({ file, connectorType }: PopulateFile): CheckedFile {
  const source = sourceOf(file);
  if (source.size === 0) throw wrong("empty-file", "The file is empty.", "Wait until it has been written.", source);
  const type = connectorType ?? connectorTypeOf(source.name);
  if (type === undefined) throw unknownType(source);
  return { source, connectorType: type, isTypeGiven: connectorType !== undefined };
}

function unknownType(source: UploadSource): ClientError {
  const advice = "Say which connector it is for: --connector-type, or connectorType.";
  const extension = extensionsOf(source.name).at(-1);
  if (!extension) return wrong("no-extension", "The name of the file has no extension.", advice, source);
  return wrong("unknown-extension", `No connector type is known for the extension ${extension}.`, advice, source);
}

/** The files are stored in one folder, where a second file of a name would become new content of the first. */
function refuseSameNames(files: readonly CheckedFile[]): void {
  const seen = new Map<string, UploadSource>();
  for (const { source } of files) {
    const other = seen.get(source.name);
    if (other !== undefined)
      throw wrong("same-name", `The file has the same name as ${pathOf(other)}.`, "Rename one of them.", source);
    seen.set(source.name, source);
  }
}

function wrong(key: string, message: string, advice: string, source?: UploadSource): ClientError {
  return new ClientError(`usage/${key}`, message, { file: source && pathOf(source), advice });
}

/** Where a file is, for messages. */
export function pathOf({ path, name }: UploadSource): string {
  return path ?? name;
}
