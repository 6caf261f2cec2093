import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ConnectorError, ConnectorRunner, IModelBankArgs } from "itwin-connector-framework";
import { briefcasesPath } from "../../src/imodel/BriefcaseFolder.js";
import { BankTimeline } from "./BankTimeline.js";

describe("A run that is aborted while it makes a briefcase", () => {
  it("leaves a whole one, which the next run uses", async () => {
    const timeline = new BankTimeline();
    const { hub, cacheDirectory } = timeline;
    timeline.kit.write({ categories: ["Steel"], parts: [{ id: "a" }] });
    await timeline.sync();
    const { iModelId } = timeline;
    for (const briefcaseId of await hub.getMyBriefcaseIds({ iModelId }))
      await hub.releaseBriefcase({ iModelId, briefcaseId });
    const bankArgs = Object.assign(new IModelBankArgs(), { url: timeline.bankFolder, iModelName: "kit" });
    const runner = new ConnectorRunner(timeline.kit.args({}, { outputDir: undefined }), bankArgs, { cacheDirectory });
    const isAsked = async () => (await hub.getMyBriefcaseIds({ iModelId })).length > 0;
    const running = runner.synchronize();
    while (!(await isAsked())) await new Promise(setImmediate);
    runner.abort(new ConnectorError("test/aborted", "It was aborted."));
    await running;
    expect(runner.result.error).to.include({ code: "test/aborted", phase: "open" });
    const ids = await hub.getMyBriefcaseIds({ iModelId });
    for (const id of ids)
      expect(existsSync(join(briefcasesPath(cacheDirectory, iModelId), `${id}.bim`)), `${id}`).to.equal(true);
    await timeline.sync();
    expect(await hub.getMyBriefcaseIds({ iModelId })).to.deep.equal(ids);
  });
});
