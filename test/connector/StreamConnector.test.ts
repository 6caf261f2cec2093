import { existsSync } from "node:fs";
import { expect } from "chai";
import { calls, made, type TestSource } from "./stream/StreamTestConnector.js";
import { counted, expectNothingWritten, issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";

const pumps = [
  { kind: "Pump", id: "a", data: { flow: 1 } },
  { kind: "Pump", id: "b", data: { flow: 2 } },
];

describe("StreamConnector", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const flows = () => timeline.labels("SELECT UserLabel, flow FROM Stream.Pump ORDER BY UserLabel");
  const touched = { kind: "Group", id: "touched" }; // another entity, so that the document is not skipped

  it("makes an element of each entity, in models and categories of its own", async () => {
    const result = await timeline.sync([...pumps, { kind: "Group", id: "g", data: { note: "all" } }]);
    expect(counted(result)).to.deep.equal([3, 0, 0, 0]);
    expect(flows()).to.deep.equal([
      ["a", 1],
      ["b", 2],
    ]);
    const partitions = timeline.labels(
      `SELECT p.CodeValue, ec_classname(p.ECClassId) FROM bis.InformationPartitionElement p
       JOIN bis.Subject s ON s.ECInstanceId=p.Parent.Id WHERE s.CodeValue='Stream test:source.json' ORDER BY p.CodeValue`,
    );
    expect(partitions).to.deep.equal([
      ["Definitions", "BisCore:DefinitionPartition"],
      ["Groups", "BisCore:GroupInformationPartition"],
      ["Physical", "BisCore:PhysicalPartition"],
    ]);
    const categories =
      "SELECT DISTINCT c.CodeValue FROM Stream.Pump p JOIN bis.Category c ON c.ECInstanceId=p.Category.Id";
    expect(timeline.labels(categories)).to.deep.equal([["Equipment"]]);
  });

  it("makes elements only of new and changed entities", async () => {
    await timeline.sync(pumps);
    expect(made).to.deep.equal(["a", "b"]);
    const result = await timeline.sync([pumps[1]!, { ...pumps[0]!, data: { flow: 3 } }, { kind: "Pump", id: "c" }]);
    expect(made).to.deep.equal(["a", "c"]);
    expect(counted(result)).to.deep.equal([1, 1, 1, 0]);
    expect(flows()).to.deep.equal([["a", 3], ["b", 2], ["c"]]);
  });

  it("deletes what is gone", async () => {
    await timeline.sync(pumps);
    expect(counted(await timeline.sync([pumps[0]!]))).to.deep.equal([0, 0, 1, 1]);
    expect(flows()).to.deep.equal([["a", 1]]);
  });

  it("skips a document that is as it was, and says so", async () => {
    await timeline.sync(pumps);
    const result = await timeline.sync(pumps);
    expect(calls).to.deep.equal(["getDocument"]);
    expect(result.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    expectNothingWritten(result);
    expect(flows()).to.have.length(2);
  });

  it("reads a document again under other arguments, and finds its entities unchanged", async () => {
    await timeline.sync(pumps);
    timeline.args = { argsJson: { other: true } };
    const result = await timeline.sync(pumps);
    expect(calls).to.deep.equal(["getDocument", "openDocument", "closeDocument"]);
    expect(counted(result)).to.deep.equal([0, 0, 2, 0]);
    expectNothingWritten(result);
  });

  it("closes the document once, whichever step fails after it was opened", async () => {
    const badSchema = { name: "Stream", classes: [{ name: "Pump", baseClass: "Nowhere:Nothing" }] };
    const failures: [phase: string, source: Partial<TestSource>][] = [
      ["source", { failsIn: "openDocument" }],
      ["schemas", { schema: badSchema }],
      ["definitions", { failsIn: "writeDefinitions" }],
    ];
    for (const [phase, source] of failures) {
      const { error } = await timeline.run({ entities: [], ...source });
      expect(error?.phase).to.equal(phase);
      expect(calls, phase).to.deep.equal(["getDocument", "openDocument", "closeDocument"]);
    }
  });

  it("goes by the version of the document where it has one", async () => {
    await timeline.sync({ document: { version: "A" }, entities: pumps });
    await timeline.sync({ document: { version: "A" }, entities: [] });
    expect(flows(), "skipped").to.have.length(2);
    await timeline.sync({ document: { version: "B" }, entities: [] });
    expect(flows()).to.have.length(0);
  });

  it("takes data for the same whatever the order of its keys", async () => {
    await timeline.sync([{ kind: "Pump", id: "a", data: { userLabel: "x", flow: 1 } }]);
    const result = await timeline.sync([{ kind: "Pump", id: "a", data: { flow: 1, userLabel: "x" } }]);
    expect(counted(result)).to.deep.equal([0, 0, 1, 0]);
  });

  it("goes by the version and the checksum of an entity where it has them", async () => {
    const states = async (...given: { version?: string; checksum?: string; flow: number }[]) => {
      const results = [];
      for (const { flow, ...state } of given)
        results.push((await timeline.sync([{ kind: "Pump", id: "a", data: { flow }, ...state }])).counts.changed);
      return results;
    };
    expect(await states({ version: "1", flow: 1 }, { version: "1", flow: 2 }, { version: "2", flow: 2 })).to.deep.equal(
      [0, 0, 1],
    );
    expect(
      await states({ checksum: "x", flow: 3 }, { checksum: "x", flow: 4 }, { checksum: "y", flow: 4 }),
    ).to.deep.equal([1, 0, 1]);
  });

  it("replaces the element of an entity whose class changed", async () => {
    await timeline.sync(pumps);
    const result = await timeline.sync([{ kind: "Pump", id: "a", type: "Port" }, pumps[1]!]);
    expect(result.counts.replaced).to.equal(1);
    expect(timeline.labels("SELECT UserLabel FROM Stream.Port")).to.deep.equal([["a"]]);
  });

  it("brings parts along with their element", async () => {
    await timeline.sync([{ ...pumps[0]!, pieces: ["x", "y"] }]);
    const result = await timeline.sync([{ ...pumps[0]!, pieces: ["z"] }]);
    expect(result.elements).to.deep.equal({ inserted: 0, updated: 2, deleted: 1 });
    const ecsql =
      "SELECT c.UserLabel, p.UserLabel p FROM Stream.Pump c JOIN Stream.Pump p ON p.ECInstanceId=c.Parent.Id";
    expect(timeline.labels(ecsql)).to.deep.equal([["z", "a"]]);
  });

  it("writes aspects with their element, and anew when it changed", async () => {
    const notes = () =>
      timeline.labels(
        "SELECT e.UserLabel, n.Text FROM Stream.Note n JOIN bis.Element e ON e.ECInstanceId=n.Element.Id ORDER BY n.Text",
      );
    await timeline.sync([
      { ...pumps[0]!, notes: ["x", "y"] },
      { ...pumps[1]!, notes: ["other"] },
    ]);
    expect(notes()).to.deep.equal([
      ["b", "other"],
      ["a", "x"],
      ["a", "y"],
    ]);
    expectNothingWritten(
      await timeline.sync([
        { ...pumps[1]!, notes: ["other"] },
        { ...pumps[0]!, notes: ["x", "y"] },
      ]),
    );
    const result = await timeline.sync([{ ...pumps[0]!, notes: ["z"] }, pumps[1]!]);
    expect(counted(result)).to.deep.equal([0, 2, 0, 0]);
    expect(notes(), "left alone where an element comes without").to.deep.equal([
      ["b", "other"],
      ["a", "z"],
    ]);
    await timeline.sync([{ ...pumps[0]!, notes: [] }]);
    expect(notes()).to.deep.equal([]);
  });

  it("names the class of an aspect that the iModel does not have", async () => {
    const schema = { name: "Stream", classes: [{ name: "Pump" }] };
    const { error } = await timeline.run({ schema, entities: [{ kind: "Pump", id: "a", notes: ["x"] }] });
    expect(error).to.include({ code: "sync/unknown-class", advice: "Use one of: Pump." });
    expect(error?.message).to.equal('Pump "a" has a class that the iModel does not have: Stream:Note.');
  });

  it("reports an entity that comes twice; the first one counts", async () => {
    const twice = [pumps[0]!, { ...pumps[0]!, data: { flow: 7 } }];
    expect(issueCodes(await timeline.sync(twice))).to.deep.equal(["sync/duplicate-item"]);
    expect(flows()).to.deep.equal([["a", 1]]);
    const again = await timeline.sync([...twice, touched]);
    expect(issueCodes(again)).to.deep.equal(["sync/duplicate-item"]);
    expect(counted(again)).to.deep.equal([1, 0, 1, 0]);
    expect(issueCodes(await timeline.sync([pumps[0]!, pumps[0]!]))).to.deep.equal([]);
  });

  it("refuses an entity without an identifier", async () => {
    const { error } = await timeline.run([{ kind: "Pump", id: "" }]);
    expect(error?.code).to.equal("stream/no-identifier");
    expect(error?.source?.file).to.equal("source.json");
  });

  describe("when an entity fails", () => {
    const bad = { kind: "Pump", id: "a", data: { flow: 9 } };

    it("goes on without it where it is skippable, and keeps its old element", async () => {
      await timeline.sync([...pumps, { kind: "Pump", id: "gone" }]);
      const result = await timeline.sync([
        { ...bad, fails: "skippable" },
        { ...pumps[1]!, data: { flow: 5 } },
      ]);
      expect(counted(result)).to.deep.equal([0, 1, 0, 1]);
      expect(result.issues).to.have.length(1);
      expect(result.issues[0]).to.include({
        code: "test/bad",
        message: 'source.json, line 1: Pump "a" was skipped: It is bad.',
      });
      expect(result.issues[0]!.elementId).to.match(/^0x/);
      expect(flows(), "a is kept as it was, gone is deleted").to.deep.equal([
        ["a", 1],
        ["b", 5],
      ]);
    });

    it("reads the document again in the next run, and takes the entity when it can", async () => {
      const source = [{ ...bad, fails: "skippable" as const }, pumps[1]!];
      expect(flowsAfter(await timeline.sync(source))).to.deep.equal([["b", 2]]);
      const again = await timeline.sync(source);
      expect(issueCodes(again)).to.deep.equal(["test/bad"]);
      expect(again.documents.unchanged).to.equal(0);
      await timeline.sync([bad, pumps[1]!]);
      expect(flows()).to.deep.equal([
        ["a", 9],
        ["b", 2],
      ]);
      expect((await timeline.sync([bad, pumps[1]!])).documents.unchanged).to.equal(1);
    });

    function flowsAfter({ error }: { error?: Error }): unknown[][] {
      expect(error).to.equal(undefined);
      return flows();
    }

    for (const fails of ["fatal", "plain"] as const)
      it(`leaves the iModel as it was where it is ${fails}`, async () => {
        await timeline.sync(pumps);
        const before = timeline.content;
        const { error } = await timeline.run([
          { ...pumps[1]!, data: { flow: 8 } },
          { ...bad, fails },
        ]);
        expect(error?.code).to.equal(fails === "fatal" ? "test/bad" : "stream/element-failed");
        if (fails === "plain") expect(error?.message).to.equal('No element could be made of Pump "a": no such thing');
        expect(timeline.content).to.equal(before);
        expect(calls.at(-1)).to.equal("closeDocument");
      });

    it("leaves the iModel as it was where the stream breaks off", async () => {
      await timeline.sync(pumps);
      const before = timeline.content;
      const { error } = await timeline.run({
        entities: [{ ...pumps[0]!, data: { flow: 8 } }, pumps[1]!],
        breaksAfter: 1,
      });
      expect(error?.code).to.equal("test/broken");
      expect(timeline.content).to.equal(before);
    });

    it("makes no iModel where there was none", async () => {
      await timeline.run([{ ...bad, fails: "fatal" }]);
      expect(existsSync(timeline.iModelPath)).to.equal(false);
    });
  });

  describe("parents", () => {
    const tree = (child: object = {}) => [
      { kind: "Pump", id: "child", parent: { kind: "Pump", id: "middle" }, ...child },
      { kind: "Pump", id: "middle", parent: { kind: "Pump", id: "root" } },
      { kind: "Pump", id: "root" },
      { kind: "Pump", id: "other" },
    ];
    const parents = () =>
      timeline.labels(
        "SELECT c.UserLabel, p.UserLabel p FROM Stream.Pump c JOIN bis.Element p ON p.ECInstanceId=c.Parent.Id ORDER BY c.UserLabel",
      );

    it("may come after their children", async () => {
      expect(issueCodes(await timeline.sync(tree()))).to.deep.equal([]);
      expect(made.slice(-4)).to.have.members(["root", "middle", "child", "other"]);
      expect(made.indexOf("root")).to.be.below(made.indexOf("middle"));
      expect(parents()).to.deep.equal([
        ["child", "middle"],
        ["middle", "root"],
      ]);
      expectNothingWritten(await timeline.sync([...tree(), touched].reverse().slice(1)));
    });

    it("may come far after a long chain of descendants", async () => {
      const chain = Array.from({ length: 300 }, (_, index) => ({
        kind: "Pump",
        id: `${index}`,
        parent: { kind: "Pump", id: `${index + 1}` },
      }));
      const result = await timeline.sync([...chain, { kind: "Pump", id: "300" }]);
      expect(counted(result)).to.deep.equal([301, 0, 0, 0]);
      expect(parents()).to.have.length(300);
    });

    it("can change, come and go", async () => {
      await timeline.sync(tree());
      expect(counted(await timeline.sync(tree({ parent: { kind: "Pump", id: "other" } })))).to.deep.equal([0, 1, 3, 0]);
      expect(parents()[0]).to.deep.equal(["child", "other"]);
      expect(counted(await timeline.sync(tree({ parent: undefined })))).to.deep.equal([0, 1, 3, 0]);
      expect(parents()).to.deep.equal([["middle", "root"]]);
      await timeline.sync(tree());
      expect(parents()).to.have.length(2);
    });

    it("take their children along when they are replaced", async () => {
      await timeline.sync(tree());
      const [child, middle, root, other] = tree();
      await timeline.sync([child!, { ...middle!, type: "Port" }, root!, other!]);
      expect(parents()).to.deep.equal([["child", "middle"]]);
      expect(timeline.labels("SELECT UserLabel FROM Stream.Port")).to.deep.equal([["middle"]]);
    });

    it("that are missing are reported; what they lack stays out, or stays as it was", async () => {
      const orphan = { kind: "Pump", id: "orphan", parent: { kind: "Pump", id: "nobody" } };
      const result = await timeline.sync([orphan, pumps[0]!]);
      expect(issueCodes(result)).to.deep.equal(["stream/unresolved-parent"]);
      expect(result.issues[0]!.message).to.include('Pump "orphan" was skipped: its parent Pump "nobody" is not there.');
      expect(flows()).to.deep.equal([["a", 1]]);

      await timeline.sync([{ ...orphan, parent: undefined }, pumps[0]!]);
      expect(issueCodes(await timeline.sync([orphan, pumps[0]!]))).to.deep.equal(["stream/unresolved-parent"]);
      expect(flows()).to.deep.equal([["a", 1], ["orphan"]]);
    });

    it("that come late make an element only of the first of two children with one identifier", async () => {
      const child = { kind: "Pump", id: "child", parent: { kind: "Pump", id: "root" }, data: { flow: 1 } };
      const source = [child, { ...child, data: { flow: 2 } }, { kind: "Pump", id: "root" }];
      expect(issueCodes(await timeline.sync(source))).to.deep.equal(["sync/duplicate-item"]);
      expect(flows()).to.deep.equal([["child", 1], ["root"]]);
      expect(counted(await timeline.sync([...source, touched]))).to.deep.equal([1, 0, 2, 0]);
    });

    it("that are gone stay for the children that still name them", async () => {
      await timeline.sync(tree());
      const result = await timeline.sync(tree().slice(0, 2));
      expect(issueCodes(result)).to.deep.equal(["sync/kept-for-dependents"]);
      expect(parents()).to.deep.equal([
        ["child", "middle"],
        ["middle", "root"],
      ]);
    });

    it("that fail keep their children out", async () => {
      const result = await timeline.sync([
        { kind: "Pump", id: "child", parent: { kind: "Pump", id: "p" } },
        { kind: "Pump", id: "p", fails: "skippable" },
      ]);
      expect(issueCodes(result)).to.deep.equal(["test/bad", "stream/unresolved-parent"]);
      expect(flows()).to.deep.equal([]);
    });

    it("that go in a circle are reported", async () => {
      const result = await timeline.sync([
        { kind: "Pump", id: "p", parent: { kind: "Pump", id: "q" } },
        { kind: "Pump", id: "q", parent: { kind: "Pump", id: "p" } },
      ]);
      expect(issueCodes(result)).to.deep.equal(["stream/unresolved-parent", "stream/unresolved-parent"]);
    });
  });
});
