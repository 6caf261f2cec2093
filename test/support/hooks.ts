import { IModelDb } from "@itwin/core-backend";
import { expect } from "chai";
import { startHost } from "../../src/imodel/host.js";
import { makeSharedFolder, removeSharedFolder, removeTemporaryFolders } from "./temporary.js";

/** In the process that starts the others. */
export const mochaGlobalSetup = makeSharedFolder;
export const mochaGlobalTeardown = removeSharedFolder;

let stopHost: () => Promise<void>;

/** One backend for all tests of a file; a test that leaves an iModel open fails. */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    stopHost = await startHost();
  },
  afterEach(): void {
    const open = [...(IModelDb as unknown as { _openDbs: Map<string, IModelDb> })._openDbs.values()];
    for (const db of open) db.close();
    expect(
      open.map((db) => db.pathName),
      "iModels left open",
    ).to.be.empty;
  },
  async afterAll(): Promise<void> {
    await stopHost();
    removeTemporaryFolders();
  },
};
