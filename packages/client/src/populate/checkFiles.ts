import { basename } from "node:path";
import { ClientError, messageOf } from "../ClientError.js";
import { SourceFileOnDisk } from "../SourceFileOnDisk.js";
import { connectorTypeOf, extensionsOf } from "../connectorTypes.js";

/** A file that is to become part of an iModel. */
export interface PopulateFile {
  path: string;
  /** Default: the type that a connection has for the file already, else the most generic one for its extension. */
  connectorType?: string;
}

/** A file that can be uploaded. */
export interface CheckedFile {
  /** The file as it was when it was checked: a change from then on is noticed. */
  onDisk: SourceFileOnDisk;
  /** What it is called in the Storage. */
  name: string;
  connectorType: string;
  /** Whether the user chose the type. */
  isTypeGiven: boolean;
}

/**
 * Checks files before anything is sent.
 * @throws ClientError `usage/...`
 */
export async function checkFiles(files: readonly PopulateFile[]): Promise<CheckedFile[]> {
  if (files.length === 0) throw wrong("no-file", "There is no file to bring in.", "Name at least one file.");
  const checked = await Promise.all(files.map(checkFile));
  refuseSameNames(checked);
  return checked;
}

async function checkFile({ path, connectorType }: PopulateFile): Promise<CheckedFile> {
  const onDisk = await open(path);
  const name = basename(path);
  const type = connectorType ?? connectorTypeOf(name);
  if (type === undefined) throw unknownType(path, name);
  return { onDisk, name, connectorType: type, isTypeGiven: connectorType !== undefined };
}

async function open(path: string): Promise<SourceFileOnDisk> {
  const onDisk = await SourceFileOnDisk.open(path).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const what = isMissing ? "There is no such file." : `The file cannot be read: ${messageOf(error)}`;
    throw wrong("no-file", what, "Check the path.", path);
  });
  if (!onDisk.isFile) throw wrong("no-file", "This is not a file.", "Name the files in it, one by one.", path);
  if (onDisk.size === 0) throw wrong("empty-file", "The file is empty.", "Wait until it has been written.", path);
  return onDisk;
}

function unknownType(path: string, name: string): ClientError {
  const advice = "Say which connector it is for: --connector-type, or connectorType.";
  const [extension] = extensionsOf(name).slice(-1);
  if (!extension) return wrong("no-extension", "The name of the file has no extension.", advice, path);
  return wrong("unknown-extension", `No connector type is known for the extension ${extension}.`, advice, path);
}

/** In the Storage the files lie in one folder, where the second would become new content of the first. */
function refuseSameNames(files: readonly CheckedFile[]): void {
  const seen = new Map<string, string>();
  for (const { name, onDisk } of files) {
    const other = seen.get(name);
    if (other !== undefined)
      throw wrong("same-name", `The file has the same name as ${other}.`, "Rename one of them.", onDisk.path);
    seen.set(name, onDisk.path);
  }
}

function wrong(key: string, message: string, advice: string, file?: string): ClientError {
  return new ClientError(`usage/${key}`, message, { file, advice });
}
