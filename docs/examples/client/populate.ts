import { clientCredentials, populate, ServiceClient } from "itwin-connector-client";

/** What a program needs to know of a service. */
interface Access {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** Brings files into an iModel, and says of each what came of it. */
export async function bringIn(access: Access, iModelId: string, paths: string[]): Promise<string[]> {
  const { url, ...credentials } = access;
  const client = new ServiceClient({ url, token: clientCredentials({ issuer: url, ...credentials }) });
  const { files } = await populate({
    client,
    iModelId,
    files: paths.map((path) => ({ path })), // or { path, connectorType: "MSTN" }
    onProgress: (progress) => {
      if (progress.step === "upload") console.error(`${progress.name}: ${progress.bytes} of ${progress.totalBytes}`);
      if (progress.step === "wait") console.error(progress.run.state, progress.run.phase);
    },
  });
  return files.map(({ name, result, message, error }) => `${name}: ${result}, ${message ?? error?.message}`);
}
