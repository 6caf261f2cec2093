import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockConflict, SnapshotDb } from "@itwin/core-backend";
import { Guid, IModelHubStatus } from "@itwin/core-bentley";
import { ChangesetType, IModelVersion, LockState, type ChangesetFileProps } from "@itwin/core-common";
import { expect } from "chai";
import { BankHubAccess } from "../../src/bank/BankHubAccess.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { writeVersionZero } from "../../src/imodel/native.js";
import { readIModel } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error & { errorNumber?: number; code?: string },
  );

/** A bank with one iModel. A bank does not look into changesets, so that any file can stand for one here. */
class Place {
  public readonly folder = temporaryFolder();
  public readonly bank = IModelBank.create(join(this.folder, "bank"));
  public readonly hub = new BankHubAccess(this.bank, writeVersionZero);
  public iModelId = "";

  public static async make(): Promise<Place> {
    const place = new Place();
    place.iModelId = await place.hub.createNewIModel({ iTwinId: place.bank.iTwinId, iModelName: "Plant" });
    return place;
  }

  /** Pushes a changeset. @returns what became of it */
  public async push(id: string, parentId: string, briefcaseId: number): Promise<number> {
    const pathname = join(this.folder, `${id}.pushed`);
    writeFileSync(pathname, `content of ${id}`);
    const changesetProps: ChangesetFileProps = {
      id,
      parentId,
      briefcaseId,
      pathname,
      index: 0,
      changesType: ChangesetType.Schema,
      description: `about ${id}`,
      pushDate: "",
      userCreated: "",
      size: 1,
      uncompressedSize: 99,
    };
    return this.hub.pushChangeset({ iModelId: this.iModelId, changesetProps });
  }

  public async acquire(alias?: string): Promise<number> {
    return this.hub.acquireNewBriefcaseId({ iModelId: this.iModelId, briefcaseAlias: alias });
  }

  public async lock(briefcaseId: number, index: number, locks: Record<string, LockState>): Promise<void> {
    const changeset = { index, id: "" };
    await this.hub.acquireLocks({ iModelId: this.iModelId, briefcaseId, changeset }, new Map(Object.entries(locks)));
  }

  public async unlock(briefcaseId: number, index: number): Promise<void> {
    await this.hub.releaseAllLocks({ iModelId: this.iModelId, briefcaseId, changeset: { index, id: "" } });
  }
}

describe("A bank, as core-backend asks for it,", () => {
  it("creates, finds and deletes iModels", async () => {
    const { hub, bank, iModelId } = await Place.make();
    const { iTwinId } = bank;
    expect(await hub.queryIModelByName({ iTwinId, iModelName: "Plant" })).to.equal(iModelId);
    expect(await hub.queryIModelByName({ iTwinId: Guid.createValue(), iModelName: "Plant" })).to.equal(undefined);
    const again = await failureOf(hub.createNewIModel({ iTwinId, iModelName: "Plant" }));
    expect(again).to.include({ code: "bank/name-in-use" });
    const folder = bank.layout.iModel(iModelId);
    await hub.deleteIModel({ iModelId });
    expect([bank.iModels, existsSync(folder)]).to.deep.equal([[], false]);
    expect(await failureOf(hub.getLatestChangeset({ iModelId }))).to.include({ code: "bank/unknown-imodel" });
  });

  it("makes version 0 of an iModel that is given, with ids of its own", async () => {
    const { hub, bank, folder } = await Place.make();
    const version0 = join(folder, "seed.bim");
    SnapshotDb.createEmpty(version0, { rootSubject: { name: "Seed" } }).close();
    const iModelId = await hub.createNewIModel({
      iTwinId: bank.iTwinId,
      iModelName: "Seeded",
      version0,
      noLocks: true,
    });
    readIModel(bank.layout.checkpoint(iModelId, 0), (db) => {
      expect([db.iModelId, db.iTwinId, db.rootSubject.name]).to.deep.equal([iModelId, bank.iTwinId, "Seed"]);
    });
  });

  it("gives out briefcase ids, each once", async () => {
    const place = await Place.make();
    const { hub, iModelId } = place;
    expect([await place.acquire(), await place.acquire()]).to.deep.equal([2, 3]);
    await hub.releaseBriefcase({ iModelId, briefcaseId: 2 });
    expect(await hub.getMyBriefcaseIds({ iModelId })).to.deep.equal([3]);
    expect(await place.acquire()).to.equal(4);
    expect(await failureOf(place.push("c1", "", 2))).to.include({ code: "bank/unknown-briefcase" });
    expect(await failureOf(hub.releaseBriefcase({ iModelId, briefcaseId: 2 }))).to.include({
      code: "bank/unknown-briefcase",
    });
  });

  it("takes a changeset on the tip only, and the same one only once", async () => {
    const place = await Place.make();
    const { hub, bank, iModelId } = place;
    const [a, b] = [await place.acquire(), await place.acquire()];
    expect(await place.push("c1", "", a)).to.equal(1);
    expect(await place.push("c1", "", a)).to.equal(1);
    const refused = await failureOf(place.push("c2", "", b));
    expect(refused).to.include({ errorNumber: IModelHubStatus.PullIsRequired });
    expect(existsSync(bank.layout.changeset(iModelId, "c2"))).to.equal(false);
    expect(await place.push("c2", "c1", b)).to.equal(2);
    expect((await hub.queryChangesets({ iModelId })).map(({ id }) => id)).to.deep.equal(["c1", "c2"]);
  });

  it("tells about changesets by index, id, range and version", async () => {
    const place = await Place.make();
    const { hub, bank, iModelId } = place;
    const id = await place.acquire();
    for (const index of [1, 2, 3]) await place.push(`c${index}`, index === 1 ? "" : `c${index - 1}`, id);
    bank.nameVersion(iModelId, 2, "Milestone");
    const versions: [IModelVersion, number][] = [
      [IModelVersion.first(), 0],
      [IModelVersion.latest(), 3],
      [IModelVersion.asOfChangeSet("c1"), 1],
      [IModelVersion.named("Milestone"), 2],
    ];
    for (const [version, index] of versions)
      expect(await hub.getChangesetFromVersion({ iModelId, version })).to.include({ index });
    expect(await hub.queryChangeset({ iModelId, changeset: { id: "c2" } })).to.include({
      index: 2,
      parentId: "c1",
      changesType: ChangesetType.Schema,
      description: "about c2",
      briefcaseId: id,
      uncompressedSize: 99,
    });
    expect(await hub.queryChangeset({ iModelId, changeset: { index: 0 } })).to.include({ id: "" });
    expect(await hub.queryChangesets({ iModelId, range: { first: 2 } })).to.have.length(2);
    expect(await hub.queryChangesets({ iModelId, range: { first: 1, end: 2 } })).to.have.length(2);
    for (const unknown of [
      hub.queryChangeset({ iModelId, changeset: { index: 4 } }),
      hub.getChangesetFromNamedVersion({ iModelId, versionName: "Nothing" }),
    ])
      expect(await failureOf(unknown)).to.include({ code: "bank/unknown-version" });
    expect(await hub.queryV2Checkpoint()).to.equal(undefined);
  });

  it("hands out changesets, with progress, until it is told to stop", async () => {
    const place = await Place.make();
    const { hub, iModelId, folder: targetDir } = place;
    const id = await place.acquire();
    await place.push("c1", "", id);
    await place.push("c2", "c1", id);
    const single = await hub.downloadChangeset({ iModelId, targetDir, changeset: { id: "c2" } });
    expect(readFileSync(single.pathname, "utf8")).to.equal("content of c2");
    const progress: number[][] = [];
    const files = await hub.downloadChangesets({
      iModelId,
      targetDir,
      progressCallback: (...numbers) => Number(progress.push(numbers) > 99),
    });
    expect(files.map(({ index }) => index)).to.deep.equal([1, 2]);
    expect(progress).to.deep.equal([
      [13, 26],
      [26, 26],
    ]);
    const cancelled = await failureOf(hub.downloadChangesets({ iModelId, targetDir, progressCallback: () => 1 }));
    expect(cancelled!.message).to.equal("the download was cancelled");
  });

  it("gives locks, all or none, and says who holds one", async () => {
    const place = await Place.make();
    const [a, b] = [await place.acquire("Ada"), await place.acquire("Bo")];
    await place.lock(a, 0, { "0x1": LockState.Shared, "0x10": LockState.Exclusive });
    await place.lock(b, 0, { "0x1": LockState.Shared });
    const conflicts: [Record<string, LockState>, string][] = [
      [{ "0x20": LockState.Exclusive, "0x10": LockState.Shared }, "exclusive lock is already held"],
      [{ "0x20": LockState.Exclusive, "0x1": LockState.Exclusive }, "shared lock is held"],
    ];
    for (const [locks, message] of conflicts) {
      const conflict = await failureOf(place.lock(b, 0, locks));
      expect(conflict).to.be.instanceOf(LockConflict).and.include({ briefcaseId: a, briefcaseAlias: "Ada", message });
    }
    const held = await place.hub.queryAllLocks({ iModelId: place.iModelId, briefcaseId: b, changeset: { id: "" } });
    expect(held).to.deep.equal([{ id: "0x1", state: LockState.Shared }]);
    await place.unlock(a, 0);
    await place.lock(b, 0, { "0x1": LockState.Exclusive, "0x10": LockState.Shared }); // its own shared lock grows
  });

  it("asks who takes a lock to have the changeset with which it was given back", async () => {
    const place = await Place.make();
    const [a, b] = [await place.acquire(), await place.acquire()];
    await place.lock(a, 0, { "0x10": LockState.Exclusive, "0x1": LockState.Shared });
    await place.push("c1", "", a);
    await place.unlock(a, 0); // as who died before it heard of its push
    const refused = await failureOf(place.lock(b, 0, { "0x10": LockState.Exclusive }));
    expect(refused).to.include({ errorNumber: IModelHubStatus.PullIsRequired });
    await place.lock(b, 0, { "0x1": LockState.Exclusive });
    await place.lock(b, 1, { "0x10": LockState.Exclusive });
  });
});
