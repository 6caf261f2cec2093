import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SnapshotDb } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import {
  compareIModels,
  ConnectorJobDefArgs,
  ConnectorRunner,
  type RunOptions,
  type RunResult,
  type SchemaContract,
  type SchemaDescription,
  type SourceClass,
  Synchronizer,
} from "itwin-connector-framework";
import { issueCodes, StreamTimeline } from "../connector/stream/StreamTimeline.js";
import { connectorRunner } from "../support/commandLine.js";
import { createIModel } from "../support/iModels.js";
import { execute } from "../support/sqlite.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";
import { expectFailure } from "../support/Workplace.js";

const code = "run/schema-changed";
const csvConnector = fileURLToPath(new URL("../../connectors/csv/lib/index.js", import.meta.url));
const sqliteConnector = fileURLToPath(new URL("../../connectors/sqlite/lib/index.js", import.meta.url));
const jsonConnector = fileURLToPath(new URL("../../connectors/json/lib/index.js", import.meta.url));

/** A file of tables that changes, and the iModel that it goes into. */
class TableSource {
  public readonly folder = temporaryFolder();
  public readonly iModelPath = join(this.folder, "plant.bim");

  public constructor(
    private readonly _connectorModule: string,
    private readonly _name: string,
    private readonly _argsJson?: object,
  ) {}

  public async run(content: string | Uint8Array, options: RunOptions = {}): Promise<RunResult> {
    const sourcePath = join(this.folder, this._name);
    writeFileSync(sourcePath, content);
    const { _connectorModule: connectorModule, _argsJson: argsJson, folder: outputDir } = this;
    const given = { connectorModule, argsJson, sourcePath, outputDir, isSnapshot: true };
    const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), given), undefined, options);
    await runner.synchronize();
    return runner.result;
  }

  /** Expects that a state is refused with a message, and that the iModel stays. */
  public async expectRefusal(content: string | Uint8Array, ...changes: string[]): Promise<void> {
    const before = contentOf(this.iModelPath);
    const { error } = await this.run(content, { schemaContract: "freeze" });
    expect(error?.code, error?.message).to.equal(code);
    expect(error?.message).to.contain(`have changed: ${changes.join("; ")}.`);
    expect(error?.advice).to.contain("--schema-contract evolve");
    expect(contentOf(this.iModelPath)).to.equal(before);
  }

  public async expectAccepted(content: string | Uint8Array, options: RunOptions): Promise<RunResult> {
    const result = await this.run(content, options);
    expect(result.error?.message).to.equal(undefined);
    return result;
  }
}

/** The file of a database with these tables. */
function databaseOf(...statements: string[]): Uint8Array {
  const path = join(temporaryFolder(), "database");
  execute(path, statements);
  return readFileSync(path);
}

const first = "id,Flow,Size\na,1.5,2\nb,2.5,3\n";

describe("A table whose classes are frozen", () => {
  const freeze: RunOptions = { schemaContract: "freeze" };
  let source: TableSource;

  beforeEach(async () => {
    source = new TableSource(csvConnector, "plant.csv");
    await source.expectAccepted(first, freeze);
  });

  for (const [what, content] of [
    ["other rows", "id,Flow,Size\na,7.5,8\nc,1.25,1\n"],
    ["columns in another order", "id,Size,Flow\na,2,1.5\n"],
    ["a column without values", "id,Flow,Size\na,,2\n"],
    ["integers where there were decimals", "id,Flow,Size\na,1,2\n"],
  ] as const)
    it(`accepts ${what}`, async () => {
      await source.expectAccepted(content, freeze);
    });

  for (const [what, content, ...changes] of [
    ["a new column", "id,Flow,Size,Tag\na,1.5,2,x\n", 'Plant has a new column "Tag" (string)'],
    ["a missing column", "id,Flow\na,1.5\n", 'Plant lacks the column "Size"'],
    ["a retyped column", "id,Flow,Size\na,1.5,two\n", 'Plant has the column "Size" as string instead of int'],
    [
      "a renamed column",
      "id,flow,Size\na,1.5,2\n",
      'Plant has a new column "flow" (double)',
      'Plant lacks the column "Flow"',
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await source.expectRefusal(content, ...changes);
    });

  it("accepts a change that a run without the contract has accepted", async () => {
    const content = "id,Flow,Tag\na,1.5,x\n";
    await source.expectRefusal(content, 'Plant has a new column "Tag" (string)', 'Plant lacks the column "Size"');
    await source.expectAccepted(content, {});
    await source.expectAccepted(`${content}b,2.5,y\n`, freeze);
    await source.expectRefusal(first, 'Plant has a new column "Size" (int)', 'Plant lacks the column "Tag"');
  });

  it("accepts the same columns after a run that failed for another reason", async () => {
    expect((await source.run('id,Flow,Size\na,1.5,"2\n', freeze)).error?.code).to.equal("csv/unclosed-quote");
    await source.expectAccepted(`${first}c,1,1\n`, freeze);
  });
});

describe("A source of several tables whose classes are frozen", () => {
  const freeze: RunOptions = { schemaContract: "freeze" };
  const both = { pumps: [{ id: 1, flow: 2 }], valves: [{ id: 1, size: 3 }] };

  it("refuses a new table", async () => {
    const source = new TableSource(jsonConnector, "plant.json");
    await source.expectAccepted(JSON.stringify(both), freeze);
    await source.expectRefusal(JSON.stringify({ ...both, tanks: [{ id: 1 }] }), "Tanks is new");
  });

  it("accepts a table of records that is empty for a while, and still knows its columns", async () => {
    const source = new TableSource(jsonConnector, "plant.json");
    await source.expectAccepted(JSON.stringify(both), freeze);
    await source.expectAccepted(JSON.stringify({ ...both, valves: [] }), freeze);
    const retyped = { ...both, valves: [{ id: 1, size: "x" }] };
    await source.expectRefusal(JSON.stringify(retyped), 'Valves has the column "size" as string instead of int');
  });

  it("accepts a table of a database that has no rows for a while, and refuses one that is missing", async () => {
    const source = new TableSource(sqliteConnector, "plant.db");
    const pumps = ["CREATE TABLE pumps(id INTEGER PRIMARY KEY, flow REAL)", "INSERT INTO pumps VALUES(1, 2.5)"];
    const valves = "CREATE TABLE valves(id INTEGER PRIMARY KEY, size INTEGER)";
    await source.expectAccepted(databaseOf(...pumps, valves, "INSERT INTO valves VALUES(1, 3)"), freeze);
    await source.expectAccepted(databaseOf(...pumps, valves), freeze);
    await source.expectRefusal(databaseOf(...pumps), "Valves is missing");
    const others = ["CREATE TABLE valves(id INTEGER PRIMARY KEY, length INTEGER)", "INSERT INTO valves VALUES(1, 3)"];
    const changes = ['Valves has a new column "length" (int)', 'Valves lacks the column "size"'];
    await source.expectRefusal(databaseOf(...pumps, ...others), ...changes);
  });
});

describe("A source of which a mapping takes only a part, and whose classes are frozen", () => {
  const freeze: RunOptions = { schemaContract: "freeze" };

  describe("some columns", () => {
    const pump = { class: "Pump", id: "id", properties: { Flow: "flow" }, otherColumns: "ignore" };
    const existing = { class: "Generic:PhysicalObject", id: "id", label: "Flow", otherColumns: "ignore" };
    for (const [what, mapped] of [
      ["a new class", pump],
      ["an existing class", existing],
      ["a column that is left out by name", { ...pump, properties: { Flow: "flow", Size: false } }],
    ] as const)
      it(`refuses a new, missing or renamed one that it does not take: ${what}`, async () => {
        const source = new TableSource(csvConnector, "plant.csv", { mapping: { tables: { plant: mapped } } });
        await source.expectAccepted(first, freeze);
        await source.expectRefusal("id,Flow,Size,Tag\na,1.5,2,\n", 'plant has a new column "Tag"');
        await source.expectRefusal("id,Flow\na,1.5\n", 'plant lacks the column "Size"');
        const changes = ['plant has a new column "size"', 'plant lacks the column "Size"'];
        await source.expectRefusal("id,Flow,size\na,1.5,2\n", ...changes);
        await source.expectAccepted("Size,id,Flow\ntwo,a,1.5\n", freeze); // the iModel has nothing of the other type
      });

    it("still knows the type of a column that the mapping takes again", async () => {
      const columns = (Size: string | false) => ({ ...pump, properties: { Flow: "flow", Size } });
      const mapping = { tables: { plant: columns("size") } };
      const source = new TableSource(csvConnector, "plant.csv", { mapping });
      await source.expectAccepted(first, freeze);
      mapping.tables.plant = columns(false);
      await source.expectAccepted(first, freeze);
      mapping.tables.plant = columns("size");
      const change = 'plant has the column "Size" as string instead of int';
      await source.expectRefusal("id,Flow,Size\na,1.5,two\n", change);
    });
  });

  describe("some tables", () => {
    const pumps = ["CREATE TABLE pumps(id INTEGER PRIMARY KEY, flow REAL)", "INSERT INTO pumps VALUES(1, 2.5)"];
    const notes = "CREATE TABLE notes(id INTEGER PRIMARY KEY)";
    for (const otherTables of [undefined, "ignore"])
      it(`refuses a new or missing one that it does not take, with otherTables ${otherTables}`, async () => {
        const mapping = { otherTables, tables: { pumps: { class: "Pump" } } };
        const source = new TableSource(sqliteConnector, "plant.db", { mapping });
        await source.expectAccepted(databaseOf(...pumps, notes), freeze);
        await source.expectRefusal(databaseOf(...pumps), "notes is missing");
        await source.expectRefusal(databaseOf(...pumps, notes, "CREATE TABLE tags(id)"), "tags is new");
        await source.expectAccepted(databaseOf(...pumps, notes, "INSERT INTO notes VALUES(1)"), freeze);
      });
  });
});

describe("A Synchronizer without a runner", () => {
  const flow = { name: "flow", type: "double" };
  const pump = { name: "Pump", properties: [flow] };

  /** Records a document, and checks its classes under a contract. */
  function check(imodel: SnapshotDb, classes: SourceClass[], schemaContract: SchemaContract) {
    const sync = new Synchronizer(imodel, false, undefined, { schemaContract });
    sync.recordDocument(IModel.rootSubjectId, { id: "plant.csv", version: JSON.stringify(classes) });
    sync.checkClasses({ classes });
    return sync.statistics.issues.map(({ message }) => message);
  }

  it("keeps the classes of a document for its next use", () => {
    const imodel = createIModel();
    expect(check(imodel, [pump], "report")).to.deep.equal([]);
    expect(check(imodel, [pump, { name: "Valve" }], "report")).to.deep.equal(["plant.csv has changed: Valve is new."]);
    expect(check(imodel, [pump, { name: "Valve" }], "freeze")).to.deep.equal([]);
    const retyped = { name: "Pump", properties: [{ ...flow, type: "string" }] };
    expect(() => check(imodel, [retyped, { name: "Valve" }], "freeze")).to.throw(/flow" as string instead of double/);
    imodel.close();
  });
});

describe("A table whose changes are reported", () => {
  it("goes on, with an issue for each change in the run that brings it", async () => {
    const source = new TableSource(csvConnector, "plant.csv");
    const report: RunOptions = { schemaContract: "report" };
    expect(issueCodes(await source.expectAccepted(first, report))).to.deep.equal([]);
    const { issues, counts } = await source.expectAccepted("id,Flow,Tag\na,x,y\n", report);
    expect(counts.changed).to.equal(1);
    expect(issues.map(({ message }) => message)).to.deep.equal([
      'plant.csv has changed: Plant has the column "Flow" as string instead of double.',
      'plant.csv has changed: Plant has a new column "Tag" (string).',
      'plant.csv has changed: Plant lacks the column "Size".',
    ]);
    expect(issues.map((issue) => issue.code)).to.deep.equal([code, code, code]);
    expect(issueCodes(await source.expectAccepted("id,Flow,Tag\na,x,z\n", report))).to.deep.equal([]);
  });
});

describe("A stream whose classes are frozen", () => {
  const entities = [{ kind: "Pump", id: "a" }];
  const pump = { name: "Pump", properties: [{ name: "flow", type: "double" as const }] };
  const schema: SchemaDescription = { name: "Stream", classes: [pump] };
  let timeline: StreamTimeline;

  beforeEach(async () => {
    timeline = new StreamTimeline();
    timeline.options = { schemaContract: "freeze" };
    await timeline.sync({ schema, entities });
  });

  for (const [what, classes, change] of [
    ["a new class", [pump, { name: "Valve" }], "Stream:Valve is new"],
    ["a missing class", [{ ...pump, name: "Valve" }], "Stream:Valve is new; Stream:Pump is missing"],
    [
      "a new navigation property",
      [{ ...pump, navigations: [{ name: "spare", target: "Pump" }] }],
      'Stream:Pump has a new property "spare" (reference to Pump)',
    ],
    ["a missing property", [{ name: "Pump" }], 'Stream:Pump lacks the property "flow"'],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { content } = timeline;
      const { error } = await timeline.run({ schema: { ...schema, classes }, entities });
      expect(error?.code).to.equal(code);
      expect(error?.message).to.contain(`${change}.`);
      expect(timeline.content).to.equal(content);
    });

  it("is not compared if the document is unchanged, and is if it changes afterwards", async () => {
    expect((await timeline.sync({ schema, entities })).documents.unchanged).to.equal(1);
    const { error } = await timeline.run({ schema: { ...schema, classes: [] }, entities: [] });
    expect(error?.message).to.contain("Stream:Pump is missing");
  });

  it("names twenty changes", async () => {
    const classes = [pump, ...Array.from({ length: 30 }, (_, index) => ({ name: `Valve${index}` }))];
    const { error } = await timeline.run({ schema: { ...schema, classes }, entities });
    expect(error?.message).to.contain("Stream:Valve19 is new; 10 more changes.");
  });

  it("leaves an iModel that equals one without a contract", async () => {
    const other = new StreamTimeline();
    await other.sync({ schema, entities });
    expect((await compareIModels(timeline.iModelPath, other.iModelPath)).isEqual).to.equal(true);
  });
});

describe("connector-runner --schema-contract", () => {
  it("freezes the columns of a table", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "plant.csv");
    const args = ["--connectorModule", csvConnector, "--sourcePath", path, "--outputDir", folder];
    writeFileSync(path, first);
    expect((await connectorRunner(args)).exitCode).to.equal(0);
    writeFileSync(path, "id,Flow\na,1.5\n");
    const outcome = await connectorRunner([...args, "--schema-contract", "freeze"]);
    expectFailure(outcome, 1, `error [${code}]`, 'Plant lacks the column "Size"');
  });

  it("refuses what is no contract", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "plant.csv");
    writeFileSync(path, first);
    const args = ["--connectorModule", csvConnector, "--sourcePath", path, "--outputDir", folder];
    const outcome = await connectorRunner([...args, "--schemaContract", "frozen"]);
    expectFailure(outcome, 2, "error [usage/schema-contract]", "evolve, freeze, report");
    expect(existsSync(join(folder, "plant.bim"))).to.equal(false);
  });
});
