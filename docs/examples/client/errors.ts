import { ApiError, NoAnswerError, type ServiceClient } from "itwin-connector-client";

/** Deletes a file. @returns what happened, in words */
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
