import { ClientError, type UploadSource } from "itwin-connector-client";
import { messageOf } from "../ClientError.js";
import { FileOnDisk } from "./FileOnDisk.js";

/**
 * Makes a file on disk ready for `populate` and `StorageClient.upload`. A change of the file from now until the end of its
 * upload is an error: `client/file-changed`.
 * @param path - absolute, or relative to the current folder
 * @throws ClientError `usage/no-file`, if there is no such file or it cannot be read
 */
export async function openFile(path: string): Promise<UploadSource> {
  const file = await FileOnDisk.open(path).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw noFile(path, isMissing ? "The file does not exist." : `The file cannot be read: ${messageOf(error)}`);
  });
  if (!file.isFile) throw noFile(path, "This is not a file.", "Name the files in it, one by one.");
  return file;
}

function noFile(path: string, message: string, advice = "Check the path."): ClientError {
  return new ClientError("usage/no-file", message, { file: path, advice });
}
