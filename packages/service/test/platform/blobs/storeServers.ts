import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import S3rver from "s3rver";
import type { StorageConfig } from "../../../src/platform/config/ServiceConfig.js";
import { temporaryFolder } from "../../../../../test/support/temporary.js";

/** A server of a storage, on this computer. */
export interface StoreServer {
  /** What a service is told of it. */
  storage: StorageConfig;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** The account that every Azurite has, which is no secret. */
const account = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Azure Blob Storage as Azurite has it, in a process of its own. */
export async function startAzurite(): Promise<StoreServer> {
  const program = require.resolve("azurite/dist/src/blob/main.js");
  const options = ["--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"];
  const child = spawn(process.execPath, [program, ...options], {
    cwd: temporaryFolder(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await urlIn(child.stdout);
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${url}/${account};`;
  const close = async () => {
    child.kill("SIGKILL"); // it has nothing to keep
    await once(child, "exit");
  };
  return { storage: { kind: "azure", connectionString, container: "files" }, close };
}

async function urlIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const url = /listens on (http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    output.resume();
    return url;
  }
  throw new Error("azurite did not start");
}

/** S3 as s3rver has it. */
export async function startS3(): Promise<StoreServer> {
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: temporaryFolder(),
    configureBuckets: [{ name: "files", configs: [] }],
  });
  const { port } = await server.run();
  const storage: StorageConfig = {
    kind: "s3",
    bucket: "files",
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: "S3RVER",
    secretAccessKey: "S3RVER",
  };
  return { storage, close: () => server.close() };
}

/** No server at all. */
export async function useFolder(): Promise<StoreServer> {
  return { storage: { kind: "folder", folder: temporaryFolder() }, close: async () => {} };
}
