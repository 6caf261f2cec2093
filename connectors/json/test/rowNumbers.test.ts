import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TableTimeline, written } from "../../../test/support/TableTimeline.js";

describe("Records of JSON files that no member identifies", () => {
  let timeline: TableTimeline;
  const pumps = '[{ "tag": "P-1", "power": 2.5 }, { "tag": "P-1", "power": 4 }]';

  beforeEach(() => {
    timeline = new TableTimeline(fileURLToPath(new URL("../src/index.ts", import.meta.url)), "plant.json");
  });

  it("are refused with the option that helps", async () => {
    const { error } = await timeline.run(pumps);
    expect(error).to.have.property("code", "json/no-id-column");
    expect(error)
      .to.have.property("advice")
      .that.includes('With "idByRow": true, the numbers of records identify them.');
  });

  it("are known by their positions in the list with the option", async () => {
    timeline.args = { idByRow: true };
    await timeline.sync(pumps);
    expect(timeline.query("SELECT UserLabel, tag, power FROM JsonPlant.Plant ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", tag: "P-1", power: 2.5 },
      { userLabel: "2", tag: "P-1", power: 4 },
    ]);
    expect(written(await timeline.sync(pumps.replace("4", "4.5")))).to.deep.equal([0, 1, 0]);
    expect(written(await timeline.sync(pumps.replace("]", ', { "tag": "P-9" }]')))).to.deep.equal([1, 1, 0]);
  });

  it("are refused as one object with the options that help, which do", async () => {
    const one = '{ "Tag": "P-1", "flow": 3 }';
    const { error } = await timeline.run(one);
    expect(error).to.have.property("code", "json/no-records");
    expect(error).to.have.property("advice").that.includes('such as "idColumn": "Tag", or give "idByRow": true.');
    timeline.args = { idColumn: "Tag" };
    await timeline.sync(one);
    expect(timeline.query("SELECT UserLabel, flow FROM JsonPlant.Plant")).to.deep.equal([
      { userLabel: "P-1", flow: 3 },
    ]);
    timeline.args = { idByRow: true };
    await timeline.sync(one);
    expect(timeline.query("SELECT UserLabel, Tag, flow FROM JsonPlant.Plant")).to.deep.equal([
      { userLabel: "1", tag: "P-1", flow: 3 },
    ]);
  });

  it("do not make one object of what may be an empty list of records", async () => {
    timeline.args = { idByRow: true };
    expect((await timeline.run('{ "total": 0, "pumps": [] }')).error?.code).to.equal("json/no-records");
    timeline.args = undefined;
    expect((await timeline.run("[1, 2]")).error?.advice).not.to.include("idByRow");
  });

  it("are counted list by list, beside a member that is called record", async () => {
    timeline.args = { idByRow: true };
    await timeline.sync('{ "pumps": [{ "record": 7 }, { "record": 8 }], "valves": [{ "size": 3 }] }');
    expect(timeline.query("SELECT UserLabel, record FROM JsonPlant.Pumps ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", record: 7 },
      { userLabel: "2", record: 8 },
    ]);
    expect(timeline.query("SELECT UserLabel, size FROM JsonPlant.Valves")).to.deep.equal([{ userLabel: "1", size: 3 }]);
  });

  it("keep their positions where some records are left out", async () => {
    timeline.args = { idByRow: true, where: { power: 4 } };
    await timeline.sync(pumps);
    expect(timeline.query("SELECT UserLabel FROM JsonPlant.Plant")).to.deep.equal([{ userLabel: "2" }]);
  });

  it("do not change how records with an identifier are known", async () => {
    timeline.args = { idByRow: true };
    await timeline.sync('[{ "GUID": "a", "power": 1 }]');
    expect(timeline.query("SELECT UserLabel FROM JsonPlant.Plant")).to.deep.equal([{ userLabel: "a" }]);
  });
});
