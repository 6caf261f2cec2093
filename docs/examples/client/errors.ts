import { ApiError, NoAnswerError, type ServiceClient } from "itwin-connector-client";

/** Removes a file if it is there, and says why it cannot be removed. */
export async function removeFile(client: ServiceClient, fileId: string): Promise<string> {
  try {
    await client.storage.deleteFile(fileId, { signal: AbortSignal.timeout(60_000) });
    return "removed";
  } catch (error) {
    if (error instanceof NoAnswerError) return `no answer: ${error.message}`;
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "FileNotFound") return "not there";
    return [
      `${error.status} ${error.code}`,
      ...error.details.map(({ message, target }) => `${target}: ${message}`),
    ].join("\n");
  }
}
