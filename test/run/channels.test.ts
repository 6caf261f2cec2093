import { ChannelControl } from "@itwin/core-backend";
import { expect } from "chai";
import { BankTimeline } from "../bank/BankTimeline.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { queryFile } from "../support/iModels.js";

const channelRoots =
  "SELECT s.CodeValue job, a.Owner channel FROM bis.ChannelRootAspect a JOIN bis.Subject s ON s.ECInstanceId=a.Element.Id";
const source = { categories: ["Steel"], parts: [{ id: "p1" }] };

describe("The channel of a job", () => {
  it("has the job's Subject as its root, and later runs work in it", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(source);
    await timeline.sync({ channel: "kit-of-parts" });
    timeline.kit.write({ ...source, parts: [{ id: "p2" }] });
    await timeline.sync({ channel: "kit-of-parts" });
    const [root, ...others] = queryFile(await timeline.checkOut(), channelRoots);
    expect(root).to.include({ channel: "kit-of-parts" });
    expect(others).to.be.empty;
    expect(await timeline.partLabels()).to.deep.equal(["p2"]);
  });

  it("keeps out connectors that do not know it", async () => {
    const timeline = new KitTimeline();
    timeline.write(source);
    await timeline.resync({ channel: "kit-of-parts" });
    const { error } = await timeline.run({ channel: "another" });
    expect(error).to.include({ code: "run/channel" });
    expect(error!.message).to.contain("kit-of-parts may not nest");
  });

  it("is the shared one by default", async () => {
    const timeline = new KitTimeline();
    timeline.write(source);
    await timeline.resync({ channel: ChannelControl.sharedChannelName });
    expect(timeline.query(channelRoots)).to.be.empty;
  });
});
