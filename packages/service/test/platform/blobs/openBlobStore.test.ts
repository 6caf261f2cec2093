import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { importOptional } from "../../../src/platform/blobs/importOptional.js";
import { openBlobStore } from "../../../src/platform/blobs/openBlobStore.js";
import { UrlSigner } from "../../../src/platform/blobs/UrlSigner.js";
import { withDefaults, type StorageConfig } from "../../../src/platform/config/ServiceConfig.js";
import { temporaryFolder } from "../../../../../test/support/temporary.js";

describe("openBlobStore", () => {
  const failure = async (storage: StorageConfig): Promise<unknown> =>
    openBlobStore(withDefaults({ storage }), new UrlSigner(Buffer.alloc(32), 60)).catch((error: unknown) => error);

  it("says which storage cannot be used", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const nowhere = "http://127.0.0.1:9";
    const key = Buffer.alloc(32).toString("base64");
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=x;AccountKey=${key};BlobEndpoint=${nowhere}/x;`;
    for (const storage of [
      { kind: "folder", folder: join(file, "below") },
      { kind: "s3", bucket: "files", endpoint: nowhere, ...credentials },
      { kind: "azure", container: "files", connectionString },
      { kind: "azure", container: "files", connectionStringVariable: "NO_SUCH_VARIABLE" },
    ] as const)
      expect(await failure(storage), storage.kind)
        .to.include({ code: "service/storage" })
        .and.have.property("advice");
  });

  it("says which package is missing", async () => {
    const name = "no-such-package";
    const error: unknown = await importOptional(name, () => import(name)).catch((error: unknown) => error);
    expect(error).to.include({
      code: "service/missing-package",
      advice: "Install it beside the service: npm install no-such-package",
    });
  });
});
