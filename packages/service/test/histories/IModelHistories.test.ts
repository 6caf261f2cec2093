import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareIModels } from "itwin-connector-framework";
import { BankHubAccess } from "../../../../src/bank/BankHubAccess.js";
import { checkOut } from "../../../../src/imodel/checkpoints.js";
import { writeVersionZero } from "../../../../src/imodel/native.js";
import { HistoryConflict } from "../../src/histories/errors.js";
import { queryFile, readIModel } from "../../../../test/support/iModels.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { findVersion } from "../../src/histories/versions.js";
import { Machines, type Machine } from "./Machines.js";

describe("the histories of the iModels of a service", function () {
  let machines: Machines;
  let first: Machine;
  let second: Machine;

  before(async () => {
    machines = await Machines.open();
    first = await machines.machine("first");
    second = await machines.machine("second");
  });
  after(() => machines.close());

  let names = 0;
  const create = () => machines.createIModel(first, `Plant ${++names}`);

  const snapshotOf = async (machine: Machine, iModelId: string, version: string) =>
    machine.histories.snapshotOf(iModelId, await findVersion(machines.database.db, iModelId, version));

  /** The names of the pumps in a version. */
  async function pumps(machine: Machine, iModelId: string, version = "latest"): Promise<unknown[]> {
    const { path, release } = await snapshotOf(machine, iModelId, version);
    try {
      const ecsql = "SELECT UserLabel FROM bis.Element WHERE UserLabel LIKE 'pump%' ORDER BY UserLabel";
      return queryFile(path, ecsql).map((row) => row.userLabel);
    } finally {
      release();
    }
  }

  const versionsOf = async (iModelId: string) =>
    machines.database.db
      .selectFrom("changesets")
      .selectAll()
      .where("imodel_id", "=", iModelId)
      .orderBy("index")
      .execute();

  const blobsOf = (iModelId: string, kind: "changesets" | "checkpoints") => {
    const folder = join(machines.blobFolder, "imodels", iModelId, kind);
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it("creates an empty iModel with its own ids and name", async () => {
    const iModelId = await machines.createIModel(first, "Own name");
    const { path, release } = await first.histories.snapshotOf(iModelId, 0);
    const known = readIModel(path, (db) => [db.iModelId, db.iTwinId, db.rootSubject.name, db.changeset.index]);
    release();
    expect(known).to.deep.equal([iModelId, machines.iTwinId, "Own name", 0]);
    expect(blobsOf(iModelId, "checkpoints")).to.have.length(1);
  });

  it("refuses a name that the iTwin has, and leaves no file", async () => {
    await machines.createIModel(first, "Twice");
    const before = readdirSync(join(machines.blobFolder, "imodels")).flatMap((id) => blobsOf(id, "checkpoints"));
    const error = await failure(machines.createIModel(second, "Twice"));
    expect(error).to.include({ status: 409, code: "iModelExists" });
    const now = readdirSync(join(machines.blobFolder, "imodels")).flatMap((id) => blobsOf(id, "checkpoints"));
    expect(now).to.deep.equal(before);
  });

  it("lets machines take turns", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a", "pump b"]);
    await second.synchronize(iModelId, ["pump a", "pump c", "pump d"]);
    await first.synchronize(iModelId, ["pump e", "pump c", "pump d"]);
    expect(await pumps(second, iModelId)).to.deep.equal(["pump c", "pump d", "pump e"]);
    expect(await pumps(second, iModelId, "1")).to.deep.equal(["pump a", "pump b"]);
    const versions = await versionsOf(iModelId);
    expect(versions.map(({ index, pushed_by: by }) => [index, by])).to.deep.equal([
      [1, "tester"],
      [2, "tester"],
      [3, "tester"],
    ]);
    // Elements have ids that begin with that of the briefcase: no two machines may use the same one.
    expect(versions[0]!.briefcase_id).not.to.equal(versions[1]!.briefcase_id);
  });

  it("makes of a version what the bank makes of it @all", async () => {
    const iModelId = await create();
    for (const names of [["pump a"], ["pump a", "pump b"], ["pump b"]]) await first.synchronize(iModelId, names);
    const bank = await first.histories.bring(iModelId);
    const hub = new BankHubAccess(bank, writeVersionZero);
    for (const version of [0, 1, 2, 3]) {
      const own = join(temporaryFolder(), "own.bim");
      await checkOut(hub, iModelId, version, own);
      const { path, release } = await second.histories.snapshotOf(iModelId, version);
      expect((await compareIModels(own, path)).isEqual, `version ${version}`).to.equal(true);
      release();
      expect(existsSync(path)).to.equal(false);
    }
  });

  it("knows a version by its index, its name, its changeset, and as the latest one @all", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.synchronize(iModelId, ["pump b"]);
    const [one] = await versionsOf(iModelId);
    const named = { id: randomUUID(), imodel_id: iModelId, changeset_index: 1, name: "Issue 7" };
    const made = { created_at: new Date(), created_by: "tester" };
    await machines.database.db
      .insertInto("named_versions")
      .values({ ...named, ...made })
      .execute();
    // The name of a version can be the index of another one, which is what counts then.
    await machines.database.db
      .insertInto("named_versions")
      .values(["1", "9"].map((name) => ({ ...named, id: randomUUID(), changeset_index: 2, name, ...made })))
      .execute();
    expect(await pumps(first, iModelId, "9")).to.deep.equal(["pump b"]);
    for (const version of ["1", one!.id, "Issue 7"])
      expect(await pumps(first, iModelId, version)).to.deep.equal(["pump a"]);
    expect(await pumps(first, iModelId, "latest")).to.deep.equal(["pump b"]);
    for (const version of ["3", "Issue 8", "f".repeat(40)])
      expect(await failure(snapshotOf(first, iModelId, version))).to.include({ code: "VersionNotFound" });
  });

  it("gives the same snapshot to all who ask for it at the same time", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const taken = await Promise.all([1, 2, 3].map(() => snapshotOf(first, iModelId, "latest")));
    expect(new Set(taken.map(({ path }) => path)).size).to.equal(1);
    taken[0]!.release();
    taken[0]!.release();
    taken[1]!.release();
    expect(existsSync(taken[2]!.path)).to.equal(true);
    taken[2]!.release();
    expect(existsSync(taken[2]!.path)).to.equal(false);
  });

  it("throws away what a run pushed and did not publish", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.work(iModelId, ["pump lost"]);
    const bank = await first.histories.bring(iModelId);
    expect(bank.latest(iModelId).index).to.equal(1);
    expect(bank.briefcases(iModelId)).to.deep.equal([]);
    await first.synchronize(iModelId, ["pump a", "pump b"]);
    expect(await pumps(second, iModelId)).to.deep.equal(["pump a", "pump b"]);
  });

  it("lets a snapshot be taken of an iModel that is being worked on @all", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const runId = await first.work(iModelId, ["pump b"]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump a"]);
    await first.histories.publish(iModelId, { runId, userName: "tester" });
    expect(await pumps(first, iModelId)).to.deep.equal(["pump b"]);
  });

  it("publishes one of two runs, and keeps all that was published", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const [one, two] = [await first.work(iModelId, ["pump one"]), await second.work(iModelId, ["pump two"])];
    const publish = (machine: Machine, runId: string) =>
      machine.histories.publish(iModelId, { runId, userName: "tester" });
    const results = await Promise.allSettled([publish(first, one), publish(second, two)]);
    const lost = results.filter((result) => result.status === "rejected").map((result) => result.reason as unknown);
    expect(lost).to.have.length(1);
    expect(lost[0]).to.be.instanceOf(HistoryConflict);
    const versions = await versionsOf(iModelId);
    expect(versions.map(({ run_id: runId }) => runId)[1]).to.equal(results[0].status === "fulfilled" ? one : two);
    for (const machine of [first, second]) await machine.histories.bring(iModelId);
    expect(blobsOf(iModelId, "changesets")).to.include.members(versions.map(({ id }) => id));
    await second.synchronize(iModelId, ["pump three"]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump three"]);
  });

  it("records nothing where what belongs to it is not recorded", async () => {
    const iModelId = await create();
    const runId = await first.work(iModelId, ["pump a"]);
    const refuse = async () => {
      throw new Error("the lease is lost");
    };
    const error = await failure(first.histories.publish(iModelId, { runId, userName: "tester" }, refuse));
    expect(error.message).to.equal("the lease is lost");
    expect(await versionsOf(iModelId)).to.deep.equal([]);
  });

  it("names the file of the storage that is damaged", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const [{ id } = { id: "" }] = await versionsOf(iModelId);
    const key = `imodels/${iModelId}/changesets/${id}`;
    const path = join(machines.blobFolder, ...key.split("/"));
    const content = readFileSync(path);
    content[content.length - 1]! ^= 1;
    writeFileSync(path, content);
    const error = await failure(second.histories.bring(iModelId));
    expect(error).to.include({ code: "service/blob-damaged" });
    expect(error.message).to.contain(key);
    rmSync(path);
    expect(await failure(second.histories.bring(iModelId))).to.include({ code: "service/blob-missing" });
  });

  it("follows a database that was restored from a backup, also while a version is in use that is gone @all", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.synchronize(iModelId, ["pump a", "pump lost"]);
    const used = await second.histories.snapshotOf(iModelId, 2);
    const { db } = machines.database;
    await db.deleteFrom("changesets").where("imodel_id", "=", iModelId).where("index", "=", 2).execute();
    await first.synchronize(iModelId, ["pump a", "pump b"]);
    expect(await pumps(second, iModelId, "2")).to.deep.equal(["pump a", "pump b"]);
    used.release();
    await second.synchronize(iModelId, ["pump c"]);
    expect((await versionsOf(iModelId)).map(({ index }) => index)).to.deep.equal([1, 2, 3]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump c"]);
  });

  it("returns files to a storage that was restored from a backup", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.synchronize(iModelId, ["pump b"]);
    const lost = blobsOf(iModelId, "changesets");
    rmSync(join(machines.blobFolder, "imodels", iModelId, "changesets"), { recursive: true });
    expect(await failure(second.histories.bring(iModelId))).to.include({ code: "service/blob-missing" });
    await first.histories.bring(iModelId);
    expect(blobsOf(iModelId, "changesets")).to.have.members(lost);
    await second.synchronize(iModelId, ["pump c"]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump c"]);
  });

  it("mends a bank that has lost a file", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const bank = await first.histories.bring(iModelId);
    rmSync(bank.layout.checkpoint(iModelId, 0));
    await first.synchronize(iModelId, ["pump b"]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump b"]);
  });

  it("follows names, also when two iModels change theirs", async () => {
    const [a, b] = [await machines.createIModel(first, "A"), await machines.createIModel(first, "B")];
    for (const id of [a, b]) await first.histories.bring(id);
    const { db } = machines.database;
    for (const [id, name] of [
      [a, "C"],
      [b, "A"],
      [a, "B"],
    ] as const)
      await db
        .updateTable("imodels")
        .set({ name, description: `now ${name}` })
        .where("id", "=", id)
        .execute();
    const bank = await first.histories.bring(b);
    expect(bank.find("A")).to.include({ id: b, description: "now A" });
    await first.histories.bring(a);
    expect(bank.find("B")).to.include({ id: a, description: "now B" });
  });

  it("removes an iModel with all its files", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.histories.remove(iModelId);
    expect(blobsOf(iModelId, "changesets")).to.deep.equal([]);
    expect(blobsOf(iModelId, "checkpoints")).to.deep.equal([]);
    const error = await failure(first.histories.bring(iModelId));
    expect(error).to.include({ code: "service/unknown-imodel" });
  });

  it("keeps the blobs of an iModel that the database does not know, since it may be the wrong database", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    const kept = blobsOf(iModelId, "changesets").concat(blobsOf(iModelId, "checkpoints"));
    const { db } = machines.database;
    const [rows, checkpoints, imodels] = [
      await db.selectFrom("changesets").selectAll().where("imodel_id", "=", iModelId).execute(),
      await db.selectFrom("checkpoints").selectAll().where("imodel_id", "=", iModelId).execute(),
      await db.selectFrom("imodels").selectAll().where("id", "=", iModelId).execute(),
    ];
    await db.deleteFrom("imodels").where("id", "=", iModelId).execute(); // as another database would be
    await machines.machine("first");
    expect(blobsOf(iModelId, "changesets").concat(blobsOf(iModelId, "checkpoints"))).to.deep.equal(kept);

    await db
      .insertInto("imodels")
      .values(imodels.map((row) => ({ ...row, extent: null })))
      .execute();
    await db.insertInto("changesets").values(rows).execute();
    await db.insertInto("checkpoints").values(checkpoints).execute();
    expect(await pumps(first, iModelId)).to.deep.equal(["pump a"]);
  });

  it("forgets an iModel that another machine has removed", async () => {
    const iModelId = await create();
    const bank = await second.histories.bring(iModelId);
    await first.histories.remove(iModelId);
    expect(bank.find(iModelId).id).to.equal(iModelId);
    await machines.machine("second");
    expect(bank.iModels.map(({ id }) => id)).not.to.include(iModelId);
  });

  it("lets several users of one bank bring an iModel at the same time", async () => {
    const iModelId = await create();
    await first.synchronize(iModelId, ["pump a"]);
    await first.synchronize(iModelId, ["pump b"]);
    const users = await Promise.all([1, 2, 3].map(() => machines.machine("third")));
    const banks = await Promise.all(users.flatMap(({ histories }) => [1, 2].map(() => histories.bring(iModelId))));
    for (const bank of banks) expect(bank.latest(iModelId).index).to.equal(2);
    await users[1]!.synchronize(iModelId, ["pump c"]);
    expect(await pumps(first, iModelId)).to.deep.equal(["pump c"]);
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, "nothing failed").to.be.instanceOf(Error);
  return error as Error;
}
