import { clientCredentials, populate, ServiceClient } from "itwin-connector-client";
import { openFile } from "itwin-connector-client/node";

/** The address of a service, and a client that may use it. */
interface Access {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** Brings files into an iModel. @returns the result of each */
export async function bringIn(access: Access, iModelId: string, paths: string[]): Promise<string[]> {
  const { url, ...credentials } = access;
  const client = new ServiceClient({ url, token: clientCredentials({ issuer: url, ...credentials }) });
  const { files } = await populate({
    client,
    iModelId,
    files: await Promise.all(paths.map(async (path) => ({ file: await openFile(path) }))), // connectorType is optional
    onProgress: (progress) => {
      if (progress.step === "upload") console.error(`${progress.name}: ${progress.bytes} of ${progress.totalBytes}`);
      if (progress.step === "wait") console.error(progress.run.state, progress.run.phase);
    },
  });
  return files.map(({ name, result, message, error }) => `${name}: ${result}, ${message ?? error?.message}`);
}
