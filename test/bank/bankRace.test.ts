import { join } from "node:path";
import { expect } from "chai";
import { verifyIModel } from "../../src/imodel/verifyIModel.js";
import { isLongTest } from "../support/long.js";
import { runPushWorker } from "./bankProcesses.js";
import { BankTimeline } from "./BankTimeline.js";

const [processes, runs] = isLongTest ? [8, 20] : [3, 3];

it("Jobs in several processes push to one iModel, and each run is in its history exactly once @all", async function () {
  if (isLongTest) this.timeout(3_600_000);
  const timeline = new BankTimeline();
  const names = Array.from({ length: processes }, (_, index) => `job${index}`);
  const results = await Promise.all(
    names.map((name) =>
      runPushWorker({
        bank: timeline.bankFolder,
        cacheDirectory: timeline.cacheDirectory,
        sourcePath: join(timeline.kit.folder, `${name}.json`),
        name,
        runs,
      }),
    ),
  );
  for (const { ended, output } of results) expect(ended, output).to.equal(0);

  const pushed = names.flatMap((name) => Array.from({ length: runs }, (_, index) => `${name}-${index + 1}`));
  const descriptions = timeline.bank.changesets(timeline.iModelId).map(({ description }) => description);
  expect(descriptions.sort()).to.deep.equal(pushed.map((run) => `${run} - Kit of parts`).sort());
  expect(await timeline.partLabels()).to.deep.equal(pushed.sort());
  expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
  const { faulty, failures } = await verifyIModel(timeline.hub, timeline.iModelId);
  expect([faulty, failures]).to.deep.equal([[], []]);
});
