import { expect } from "chai";
import { RepositoryLink } from "@itwin/core-backend";
import { ConnectorRunner } from "itwin-connector-framework";
import type { TestEntity } from "./stream/StreamTestConnector.js";
import { counted, StreamTimeline } from "./stream/StreamTimeline.js";

const pump = { kind: "Pump", id: "p" };
const link = (id: string, type = "BisCore:RepositoryLink"): TestEntity => ({ kind: "Link", id, type });

describe("An item whose element is a link", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const labels = (className = "bis.UrlLink") =>
    timeline
      .query(`SELECT UserLabel FROM ${className} WHERE UserLabel<>'Stream test' ORDER BY UserLabel`)
      .map((row) => row.userLabel);
  const sourceItem = (id: string, repository?: string): TestEntity => ({
    ...link(id, "BisCore:ExternalSource"),
    data: { model: "0x1", ...(repository && { repository: { id: repository } }) },
  });

  for (const type of ["BisCore:RepositoryLink", "BisCore:UrlLink", "BisCore:FolderLink"])
    it(`is deleted like others when it is a ${type}`, async () => {
      await timeline.sync([pump, link("a", type), link("b", type)]);
      expect(counted(await timeline.sync([pump, link("b", type)]))).to.deep.equal([0, 0, 2, 1]);
      expect(labels()).to.deep.equal(["b", "source.json"]);
    });

  it("is deleted together with an item that is its ExternalSource", async () => {
    await timeline.sync([pump, link("a")]);
    const [row] = timeline.query("SELECT ECInstanceId FROM bis.RepositoryLink WHERE UserLabel='a'");
    await timeline.sync([pump, link("a"), sourceItem("s", row!.id as string), sourceItem("t")]);
    expect(counted(await timeline.sync([pump, sourceItem("t")]))).to.deep.equal([0, 0, 2, 2]);
    expect(labels()).to.deep.equal(["source.json"]);
    expect(labels("bis.ExternalSource")).to.deep.equal(["source.json", "t"]);
  });

  it("stays when it is a document as well", async () => {
    await timeline.sync([pump, link("a")]);
    timeline.edit((imodel) => {
      const [row] = timeline.query("SELECT ECInstanceId FROM bis.RepositoryLink WHERE UserLabel='a'");
      const { id } = imodel.elements.getElement<RepositoryLink>(row!.id as string);
      imodel.elements.insertElement({
        classFullName: "BisCore:ExternalSource",
        model: "0x1",
        code: { spec: "0x1", scope: "0x1" },
        repository: { id },
      } as never);
    });
    await timeline.sync([pump]);
    expect(labels()).to.deep.equal(["a", "source.json"]);
  });

  it("is removed with its document", async () => {
    await timeline.sync([pump, link("a"), sourceItem("s")]);
    const runner = new ConnectorRunner(timeline.jobArgs, undefined, { unmap: true });
    await runner.synchronize();
    expect(runner.result.error).to.equal(undefined);
    expect(runner.result.counts.deleted).to.equal(3);
    expect(labels()).to.deep.equal([]);
    expect(labels("bis.ExternalSource")).to.deep.equal([]);
  });
});
