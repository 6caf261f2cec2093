import { Subject } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import { expectNothingWritten, StreamTimeline } from "../connector/stream/StreamTimeline.js";

const subjects = "SELECT CodeValue, Parent.Id parent FROM bis.Subject ORDER BY ECInstanceId";
const pumps = (...ids: string[]) => ids.map((id) => ({ kind: "Pump", id }));

describe("A job that is called like the iModel", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));
  const callJob = (jobName: string, more = {}) => {
    timeline.args = { argsJson: { jobName }, ...more };
  };
  const labels = () =>
    timeline.query("SELECT UserLabel FROM Stream.Pump ORDER BY UserLabel").map((row) => row.userLabel);

  for (const name of ["source", "SOURCE"])
    it(`has a Subject of its own, also as ${name}`, async () => {
      callJob(name);
      await timeline.sync(pumps("a", "b"));
      expect(timeline.query(subjects)).to.deep.equal([
        { codeValue: "source" },
        { codeValue: `${name} (job)`, parent: IModel.rootSubjectId },
      ]);
      expectNothingWritten(await timeline.sync(pumps("a", "b")));
      await timeline.sync(pumps("b", "c"));
      expect(labels()).to.deep.equal(["b", "c"]);
      expect(timeline.query(subjects)).to.have.lengthOf(2);
    });

  it("is found by the name of its document", async () => {
    callJob("source", { documentName: "plant" });
    await timeline.sync(pumps("a"));
    await timeline.sync(pumps("b"));
    expect(labels()).to.deep.equal(["b"]);
    expect(timeline.query(subjects)).to.have.lengthOf(2);
  });

  it("can be unmapped, and the root Subject stays", async () => {
    callJob("source");
    await timeline.sync(pumps("a"));
    timeline.options = { unmap: true };
    await timeline.sync(pumps("a"));
    expect(timeline.query(subjects)).to.deep.equal([{ codeValue: "source" }]);
  });

  it("goes on with the root Subject where version 0.1 has used that", async () => {
    callJob("another name");
    await timeline.sync(pumps("a"));
    timeline.edit((imodel) => {
      const jsonProperties = imodel.elements.getElementProps(job(imodel)).jsonProperties as Record<string, unknown>;
      imodel.elements.updateElement({ id: IModel.rootSubjectId, jsonProperties });
    });
    callJob("source");
    await timeline.sync(pumps("a", "b"));
    expect(timeline.query(subjects).map(({ codeValue }) => codeValue)).to.deep.equal(["source", "another name"]);
  });

  function job(imodel: Parameters<typeof Subject.createCode>[0]): string {
    return imodel.elements.queryElementIdByCode(Subject.createCode(imodel, IModel.rootSubjectId, "another name"))!;
  }
});
