import { join } from "node:path";
import * as platform from "@itwin/core-backend";
import { expect } from "chai";
import { compareIModels, type RunResult } from "itwin-connector-framework";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { BankedIModel } from "../../src/imodel/BankedIModel.js";
import { findInternals, hubRouter, limitQueryTime, queryOnce, useInternals } from "../../src/imodel/native.js";
import type { KitSource } from "../kit/kitSource.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { temporaryFolder } from "../support/temporary.js";

const first: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "Frame" }],
  parts: [
    { id: "p1", size: 1 },
    { id: "p2", material: "oak", pieces: [{ material: "glue" }] },
    { id: "p3", size: 3 },
  ],
};
/** Changes, replaces, adds and deletes parts. */
const second: KitSource = {
  ...first,
  parts: [{ id: "p1", size: 2 }, { id: "p2", size: 2 }, { id: "p4" }],
};

/** What core-backend exports without its internals. */
function publicPlatform(): object {
  const { _nativeDb, IModelNative, ...others } = platform;
  expect(_nativeDb).to.be.a("symbol");
  expect(IModelNative).to.be.a("function");
  return { ...others, IModelHost: {}, ECSqlStatement: { prototype: {} } };
}

/** Runs the kit of parts from each source, into one iModel. */
async function synchronize(timeline: KitTimeline, isSnapshot: boolean, outputDir: string): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const source of [first, second, second]) {
    timeline.write(source);
    results.push(await timeline.resync({ readUnchanged: true }, { isSnapshot, outputDir }));
  }
  return results;
}

describe("The internals of the platform", () => {
  let restore = () => {};

  function takeAway(): void {
    restore = useInternals(findInternals(publicPlatform()));
  }

  afterEach(() => restore());

  it("are found in the platform that is installed", () => {
    const { nativeDb, library, tellsSql, hubSlot } = findInternals(platform);
    expect(nativeDb).to.equal(platform._nativeDb);
    expect(library).to.equal(platform.IModelNative);
    expect(tellsSql).to.equal(true);
    expect(hubSlot).to.equal(platform.IModelHost);
  });

  it("run a query once, with the same result where they are absent", async () => {
    const path = join(temporaryFolder(), "queried.bim");
    const imodel = platform.SnapshotDb.createEmpty(path, { rootSubject: { name: "Queried" } });
    imodel.saveChanges();
    const ecsql = "SELECT ECInstanceId, UserLabel FROM bis.Element ORDER BY ECInstanceId";
    const outcomes = async () => [
      await queryOnce(imodel, ecsql, 2),
      await queryOnce(imodel, "SELECT Nope FROM bis.Element", 2),
    ];
    try {
      limitQueryTime(imodel, 5);
      const [found, failed] = await outcomes();
      expect([found!.state, found!.rows.map(([id]) => id)]).to.deep.equal(["done", ["0x1", "0xe"]]);
      expect([failed!.state, failed!.error]).to.deep.equal([
        "failed",
        "No property or enumeration found for expression 'Nope'.",
      ]);
      takeAway();
      limitQueryTime(imodel, 5);
      const [foundAgain, failedAgain] = await outcomes();
      expect(foundAgain!.rows.map(([id]) => id)).to.deep.equal(["0x1", "0xe"]);
      expect([foundAgain!.columns.map(({ name }) => name), failedAgain!.state]).to.deep.equal([
        ["ECInstanceId", "UserLabel"],
        "failed",
      ]);
      expect(failedAgain!.error).to.contain("Nope");
    } finally {
      imodel.close();
    }
  });

  it("are reported as absent where the platform lacks them", () => {
    expect(findInternals(publicPlatform())).to.deep.equal({
      nativeDb: undefined,
      library: undefined,
      tellsSql: false,
      hubSlot: undefined,
    });
  });

  for (const isSnapshot of [true, false])
    it(`make no difference to a ${isSnapshot ? "snapshot" : "standalone iModel"}`, async () => {
      const timeline = new KitTimeline();
      const [usual, bare] = [join(timeline.folder, "usual"), join(timeline.folder, "bare")];
      const results = await synchronize(timeline, isSnapshot, usual);
      takeAway();
      const bareResults = await synchronize(timeline, isSnapshot, bare);
      restore();

      expect(bareResults.map(({ elements }) => elements)).to.deep.equal(results.map(({ elements }) => elements));
      const comparison = await compareIModels(join(usual, "kit.bim"), join(bare, "kit.bim"));
      expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
    });

  it("make no difference to a comparison", async () => {
    const timeline = new KitTimeline();
    await timeline.sync(first);
    const earlier = new KitTimeline();
    await earlier.sync(second);
    const expected = await compareIModels(timeline.iModelPath, earlier.iModelPath);
    takeAway();
    expect(await compareIModels(timeline.iModelPath, earlier.iModelPath)).to.deep.equal(expected);
    expect(expected.isEqual).to.equal(false);
  });

  it("are what a bank cannot do without", async () => {
    const bank = IModelBank.create(temporaryFolder());
    takeAway();
    const error: unknown = await BankedIModel.create(bank, "Bridge").catch((reason: unknown) => reason);
    expect(error).to.include({ code: "imodel/platform-internals" });
    expect(String(error)).to.include("5.7.3");
    expect(bank.iModels).to.be.empty;
  });

  it("are what a host of the program cannot be given a hub without", () => {
    takeAway();
    expect(() => hubRouter())
      .to.throw()
      .with.property("code", "imodel/platform-internals");
  });
});
