import { expect } from "chai";
import type { StorageConnectionsClient } from "../src/connections/StorageConnectionsClient.js";
import { ClientError } from "../src/ClientError.js";
import { connectFiles } from "../src/populate/connectFiles.js";

describe("A service that does not know the options of a run", () => {
  const connection = { id: "c", displayName: "C" };
  const ignorant = {
    async *list() {},
    create: async () => connection,
    update: async () => connection,
  } as unknown as StorageConnectionsClient;

  it("is noticed, so that nobody relies on them", async () => {
    const request = { iModelId: "i", files: [], runOptions: { strict: true, maxDeletions: "5%" } };
    const error: unknown = await connectFiles(ignorant, request, {}).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ClientError);
    expect(error).to.include({ code: "client/unknown-run-options" });
    expect((error as ClientError).advice).to.contain("strict, maxDeletions");
  });

  it("is used as it is without them", async () => {
    const { connectionId, runOptions } = await connectFiles(ignorant, { iModelId: "i", files: [], runOptions: {} }, {});
    expect([connectionId, runOptions]).to.deep.equal(["c", {}]);
  });
});
