import { join } from "node:path";
import { BriefcaseDb, Subject } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import { changesetsPerCheckpoint } from "../../src/imodel/BankedIModel.js";
import { hubRouter, makeBriefcase } from "../../src/imodel/native.js";
import { BankTimeline } from "./BankTimeline.js";

/** Pushes changesets of one element each, as another program might. */
async function push(timeline: BankTimeline, count: number): Promise<void> {
  const { hub, iModelId, bank } = timeline;
  const unroute = hubRouter().add(iModelId, hub);
  const fileName = await timeline.checkOut();
  makeBriefcase(fileName, bank.acquireBriefcase(iModelId));
  const db = await BriefcaseDb.open({ fileName });
  for (let pushed = 0; pushed < count; pushed++) {
    await db.locks.acquireLocks({ shared: IModel.rootSubjectId });
    Subject.insert(db, IModel.rootSubjectId, `${pushed}`);
    db.saveChanges();
    await db.pushChanges({ description: `${pushed}` });
  }
  db.close();
  unroute();
}

it("A run makes a checkpoint when a fresh checkout would need more than fifty changesets @all", async () => {
  const timeline = new BankTimeline();
  const source = { categories: ["Steel"], parts: [{ id: "p1" }] };
  timeline.kit.write(source);
  await timeline.sync();
  await push(timeline, changesetsPerCheckpoint - 2);
  const checkpoints = () => timeline.bank.checkpoints(timeline.iModelId).map(({ changesetIndex }) => changesetIndex);
  expect(checkpoints()).to.deep.equal([0]);
  timeline.kit.write({ ...source, parts: [{ id: "p2" }] });
  await timeline.sync();
  expect(checkpoints()).to.deep.equal([0, changesetsPerCheckpoint]);

  // A run with another cache begins at the checkpoint.
  timeline.kit.write({ ...source, parts: [{ id: "p3" }] });
  const { error, version } = await timeline.run({}, {}, { cacheDirectory: join(timeline.kit.folder, "other cache") });
  expect(error, String(error?.stack)).to.equal(undefined);
  expect(version).to.include({ changesetIndex: changesetsPerCheckpoint + 1 });
  expect(await timeline.partLabels()).to.deep.equal(["p3"]);
});
