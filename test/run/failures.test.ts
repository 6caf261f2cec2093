import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SQLiteDb } from "@itwin/core-backend";
import { BentleyStatus, OpenMode } from "@itwin/core-bentley";
import { expect } from "chai";
import {
  ConnectorJobDefArgs,
  ConnectorRunner,
  IModelBankArgs,
  type ITwinConnector,
  ServerArgs,
  type RunPhase,
} from "itwin-connector-framework";
import { RunLock } from "../../src/files/RunLock.js";
import { kitModule, KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";

const kit: KitSource = { categories: ["Steel"], parts: [{ id: "a", size: 1 }, { id: "b" }] };
const changedKit: KitSource = { categories: ["Steel"], parts: [{ id: "a", size: 2 }, { id: "c" }] };

const phases: RunPhase[] = ["initialize", "source", "schemas", "job", "definitions", "data"];

for (const isSnapshot of [true, false])
  describe(`A run that fails on a ${isSnapshot ? "snapshot" : "standalone"} iModel`, () => {
    for (const phase of phases) {
      it(`in ${phase} says so and makes no iModel`, async () => {
        const timeline = new KitTimeline({ isSnapshot });
        timeline.write(kit);
        const result = await timeline.run({ failIn: phase });
        expect(result.status).to.equal(BentleyStatus.ERROR);
        expect(result.error).to.include({ phase, code: `run/${phase}-failed` });
        expect(result.error!.message).to.match(new RegExp(`^The connector Kit failed .*: told to fail in ${phase}$`));
        if (existsSync(join(timeline.folder, "out")))
          expect(readdirSync(join(timeline.folder, "out"))).to.deep.equal([]);
      });

      if (phase !== "job")
        it(`in ${phase} leaves the iModel byte for byte as it was`, async () => {
          const timeline = new KitTimeline({ isSnapshot });
          await timeline.sync(kit);
          const before = contentOf(timeline.iModelPath);
          timeline.write(changedKit);
          const result = await timeline.run({ failIn: phase });
          expect(result.error).to.include({ phase });
          expect(contentOf(timeline.iModelPath)).to.equal(before);
          expect(readdirSync(join(timeline.folder, "out"))).to.deep.equal(["kit.bim"]);

          const next = await timeline.resync();
          expect(next.counts).to.include({ new: 1, changed: 1, deleted: 1 });
        });
    }

    it("because the connector refuses the iModel", async () => {
      const timeline = new KitTimeline({ isSnapshot });
      timeline.write(kit);
      const result = await timeline.run({ refuse: true });
      expect(result.error).to.include({ code: "run/imodel-refused", phase: "source" });
    });
  });

/** A run whose connector is changed before it is used. */
class ChangedRunner extends ConnectorRunner {
  public change: (connector: ITwinConnector) => void = () => {};

  protected override async makeConnector(): Promise<ITwinConnector> {
    const connector = await super.makeConnector();
    this.change(connector);
    return connector;
  }
}

describe("A connector that throws what is no ConnectorError", () => {
  const failure = async (change: (connector: ITwinConnector) => void) => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    const runner = new ChangedRunner(timeline.args());
    runner.change = change;
    await runner.synchronize();
    return runner.result.error!;
  };
  const throwing = (thrown: unknown) => () => {
    throw thrown;
  };

  it("is named with what it was doing, the first line of the message and what to do", async () => {
    const thrown = new Error("boom\nand much more");
    const error = await failure((connector) => (connector.updateExistingData = throwing(thrown)));
    expect(error).to.include({ code: "run/data-failed", cause: thrown });
    expect(error.message).to.equal("The connector Kit failed while it synchronized its data: boom");
    expect(error.advice).to.contain("a fault of the connector").and.contain("--verbose").and.contain("author");
  });

  const thrown: [what: unknown, said: string][] = [
    [undefined, "undefined was thrown instead of an error"],
    [new RangeError(""), "RangeError"],
    ["only a text", "only a text"],
    [Object.create(null), "[Object: null prototype] {}"],
  ];
  for (const [what, said] of thrown)
    it(`is told by what it threw: ${said}`, async () => {
      const error = await failure((connector) => (connector.importDefinitions = throwing(what)));
      expect(error.message).to.equal(`The connector Kit failed while it imported its definitions: ${said}`);
    });

  it("fails in the phase of its source when it cannot say who it is or how it works", async () => {
    for (const name of ["getApplicationVersion", "supportsMultipleFilesPerChannel"] as const) {
      const error = await failure((connector) => (connector[name] = throwing(new Error("boom"))));
      expect(error).to.include({ code: "run/source-failed", phase: "source" });
      expect(error.message).to.equal("The connector Kit failed while it opened its source: boom");
    }
    const nameless = await failure((connector) => (connector.getConnectorName = throwing(new Error("boom"))));
    expect(nameless.message).to.equal(`The connector ${kitModule} failed while it opened its source: boom`);
  });

  it("is blamed for its description of the changes too", async () => {
    const error = await failure((connector) => (connector.getDataChangesDescription = throwing(new Error("boom"))));
    expect(error).to.include({ code: "run/finish-failed", phase: "finish" });
    expect(error.message).to.equal("The connector Kit failed while it described what changed: boom");
  });

  it("is not blamed for what the framework does", async () => {
    const error = await failure((connector) => {
      connector.updateExistingData = async () => {
        connector.synchronizer.detectDeletedElements = throwing(new Error("boom"));
      };
    });
    expect(error.message).to.equal("The run failed in its phase deletion: boom");
    expect(error.advice).to.contain("a fault of the framework");
  });
});

describe("ConnectorRunner refuses", () => {
  const synchronize = async (args: Partial<ConnectorJobDefArgs>, serverArgs?: ServerArgs | IModelBankArgs) => {
    const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), args), serverArgs);
    expect(await runner.synchronize()).to.equal(BentleyStatus.ERROR);
    return runner.result.error!;
  };

  it("arguments that name no connector, source or folder", async () => {
    const connectorModule = "x.js";
    const sourcePath = "x.csv";
    expect((await synchronize({ sourcePath, outputDir: "out" })).message).to.equal("connectorModule is missing.");
    expect((await synchronize({ connectorModule, outputDir: "out" })).message).to.equal("sourcePath is missing.");
    expect((await synchronize({ connectorModule, sourcePath })).message).to.equal("outputDir is missing.");
  });

  it("versioned iModels without a name", async () => {
    const timeline = new KitTimeline();
    timeline.write({});
    for (const serverArgs of [new ServerArgs(), new IModelBankArgs()]) {
      const error = await synchronize(timeline.args(), serverArgs);
      expect(error).to.include({ code: "usage/missing-argument", message: "iModelName is missing." });
    }
  });

  it("a GUID of the document that is none", async () => {
    for (const documentGuid of ["plan-7", "", "8f7a1a5e-3f0c-4d9a-9d5a"]) {
      const error = await synchronize(new KitTimeline().args({}, { documentGuid }));
      expect(error).to.include({ code: "usage/document-guid", message: `documentGuid is no GUID: ${documentGuid}` });
    }
  });

  it("a source that is missing", async () => {
    const timeline = new KitTimeline();
    const { error } = await timeline.run();
    expect(error).to.include({ code: "source/missing", message: `There is no source file ${timeline.sourcePath}.` });
  });

  it("a source that may not be read", async function () {
    if (process.getuid?.() === 0) return this.skip(); // root may read everything; the command line test covers it
    const timeline = new KitTimeline();
    timeline.write(kit);
    chmodSync(timeline.sourcePath, 0);
    expect((await timeline.run()).error).to.include({ code: "source/unreadable" });
  });

  it("an output folder that is a file", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    writeFileSync(join(timeline.folder, "out"), "");
    expect((await timeline.run()).error).to.include({ code: "imodel/output-not-writable", phase: "open" });
  });

  it("an output folder that cannot be made, or in which nothing can be", async function () {
    if (!existsSync("/proc/self")) return this.skip();
    const timeline = new KitTimeline();
    timeline.write(kit);
    for (const outputDir of ["/proc/none", "/proc/none/deep", "/proc"]) {
      const { error } = await timeline.run({}, { outputDir });
      expect(error).to.include({ code: "imodel/output-not-writable", phase: "open" });
      expect(error!.message).to.contain(`Cannot write to ${outputDir}: `);
    }
  });

  it("to wrap up an iModel that does not exist", async () => {
    const timeline = new KitTimeline();
    const { error } = await timeline.run({}, { connectorModule: undefined, allDocsProcessed: true });
    expect(error).to.include({ code: "imodel/missing", message: `There is no iModel at ${timeline.iModelPath}.` });
  });
});

describe("An iModel file", () => {
  const refused = async (timeline: KitTimeline) => {
    const before = contentOf(timeline.iModelPath);
    const { error } = await timeline.run();
    expect(contentOf(timeline.iModelPath)).to.equal(before);
    expect(readdirSync(join(timeline.folder, "out"))).to.deep.equal(["kit.bim"]);
    return error!;
  };

  it("that is no iModel is refused and stays", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    mkdirSync(join(timeline.folder, "out"));
    for (const content of ["", "no iModel at all", "SQLite format 3\0".padEnd(4096, "x")]) {
      writeFileSync(timeline.iModelPath, content);
      const error = await refused(timeline);
      expect(error.code, JSON.stringify(content.slice(0, 20))).to.equal("imodel/not-an-imodel");
      expect(error.message).to.contain(timeline.iModelPath).and.not.contain(".working");
    }
  });

  it("that is a folder is refused", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    mkdirSync(timeline.iModelPath, { recursive: true });
    const { error } = await timeline.run();
    expect(error).to.include({ code: "imodel/not-an-imodel", message: `${timeline.iModelPath} is a folder.` });
    expect(readdirSync(join(timeline.folder, "out"))).to.deep.equal(["kit.bim"]);
  });

  it("that a newer version has written is refused and stays", async () => {
    const timeline = new KitTimeline();
    await timeline.sync(kit);
    const db = new SQLiteDb();
    db.openDb(timeline.iModelPath, { openMode: OpenMode.ReadWrite, rawSQLite: true });
    db.executeSQL(`UPDATE be_Prop SET StrData='{"major":99,"minor":0,"sub1":0,"sub2":0}'
      WHERE Namespace='dgn_Db' AND Name='SchemaVersion'`);
    db.closeDb(true);
    timeline.write(changedKit);
    expect((await refused(timeline)).code).to.equal("imodel/newer-version");
  });

  it("that another run works on is refused, with who and since when", async () => {
    const timeline = new KitTimeline();
    await timeline.sync(kit);
    const lock = RunLock.acquire(timeline.iModelPath);
    try {
      const { error } = await timeline.run();
      expect(error).to.include({ code: "imodel/in-use", recovery: "retriable" });
      expect(error!.message).to.match(
        new RegExp(`process ${process.pid} of \\S+ on \\S+, since \\d{4}-\\d\\d-\\d\\dT`),
      );
    } finally {
      lock.release();
    }
    await timeline.resync();
  });

  it("is synchronized after a run that died and left its files behind", async () => {
    const timeline = new KitTimeline();
    await timeline.sync(kit);
    for (const name of [".working", ".working-wal", ".working-shm", ".lock"])
      writeFileSync(timeline.iModelPath + name, name === ".lock" ? "" : "left behind");
    const result = await timeline.sync(changedKit);
    expect(result.counts).to.include({ new: 1, changed: 1, deleted: 1 });
    expect(readdirSync(join(timeline.folder, "out"))).to.deep.equal(["kit.bim"]);
  });

  it("that another program writes during the run is not overwritten", async () => {
    const timeline = new KitTimeline();
    await timeline.sync(kit);
    timeline.write(changedKit);
    const runner = new ConnectorRunner(timeline.args());
    let written = "";
    runner.onProgress.addListener(({ phase }) => {
      if (phase !== "data" || written !== "") return;
      writeFileSync(timeline.iModelPath, "written meanwhile");
      written = contentOf(timeline.iModelPath);
    });
    await runner.synchronize();
    expect(runner.result.error).to.include({ code: "imodel/touched", phase: "finish" });
    expect(contentOf(timeline.iModelPath)).to.equal(written);
  });
});

describe("RunLock", () => {
  it("can be taken again after it was released, and leaves no file", () => {
    const folder = temporaryFolder();
    const path = join(folder, "x.bim");
    for (let round = 0; round < 3; round++) RunLock.acquire(path).release();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("is held by one at a time", () => {
    const path = join(temporaryFolder(), "x.bim");
    const lock = RunLock.acquire(path);
    expect(() => RunLock.acquire(path)).to.throw("in use by another run");
    expect(() => RunLock.acquire(path)).to.throw("in use by another run");
    lock.release();
    RunLock.acquire(path).release();
  });
});
