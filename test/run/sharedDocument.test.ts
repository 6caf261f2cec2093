import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, type RunOptions, type RunResult } from "itwin-connector-framework";
import { streamModule } from "../connector/stream/StreamTimeline.js";
import { kitModule } from "../kit/KitTimeline.js";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

type Changes = Partial<ConnectorJobDefArgs> & RunOptions;

const content = { entities: [{ kind: "Pump", id: "p" }], categories: ["Steel"], parts: [{ id: "a" }] };
const guid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";

/** A file that two connectors read: one knows it by its name, the other one by its path. */
class SharedFile {
  public readonly folder = temporaryFolder();

  public write(file: string, source: object = content): void {
    mkdirSync(join(this.folder, file, ".."), { recursive: true });
    writeFileSync(join(this.folder, file), JSON.stringify(source));
  }

  public async run(connectorModule: string, file: string, changes: Changes = {}): Promise<RunResult> {
    const args = { connectorModule, sourcePath: join(this.folder, file), outputDir: join(this.folder, "out") };
    const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), args, changes), undefined, changes);
    await runner.synchronize();
    if (runner.result.error !== undefined) throw runner.result.error;
    return runner.result;
  }

  public query(ecsql: string): Record<string, unknown>[] {
    return queryFile(join(this.folder, "out", "plant.bim"), ecsql);
  }

  /** How many RepositoryLinks and ExternalSources there are. */
  public get counts(): unknown[] {
    return ["RepositoryLink", "ExternalSource"].map((name) => this.query(`SELECT count(*) n FROM bis.${name}`)[0]!.n);
  }
}

describe("Two connectors on one document", () => {
  for (const [first, second, title] of [
    [streamModule, kitModule, "by its name, then by its path"],
    [kitModule, streamModule, "by its path, then by its name"],
  ] as const)
    for (const changes of [{}, { documentName: "storage/plant.json" }, { documentGuid: guid }])
      it(`share a RepositoryLink that is known ${title}, with ${JSON.stringify(changes)}`, async () => {
        const shared = new SharedFile();
        shared.write("plant.json");
        await shared.run(first, "plant.json", changes);
        expect((await shared.run(second, "plant.json", changes)).documents.new).to.equal(1);
        expect(shared.counts).to.deep.equal([1, 2]);
        for (const module of [first, second])
          expect((await shared.run(module, "plant.json", changes)).documents.unchanged).to.equal(1);

        shared.write("plant.json", { ...content, entities: [], parts: [] });
        for (const module of [first, second])
          expect((await shared.run(module, "plant.json", changes)).counts).to.include({ new: 0, deleted: 1 });
        await shared.run(first, "plant.json", { ...changes, unmap: true });
        expect(shared.counts).to.deep.equal([1, 1]);
        expect((await shared.run(second, "plant.json", changes)).documents.unchanged).to.equal(1);
        await shared.run(second, "plant.json", { ...changes, unmap: true });
        expect(shared.counts).to.deep.equal([0, 0]);
      });

  it("share no RepositoryLink where the files have one name but lie in two folders", async () => {
    const shared = new SharedFile();
    shared.write("north/plant.json");
    shared.write("south/plant.json");
    await shared.run(streamModule, "north/plant.json");
    await shared.run(kitModule, "south/plant.json");
    expect(shared.counts).to.deep.equal([2, 2]);
  });
});
