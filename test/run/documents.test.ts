import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { compareIModels, type ConnectorJobDefArgs, type RunResult } from "itwin-connector-framework";
import { streamModule } from "../connector/stream/StreamTimeline.js";
import { BankTimeline } from "../bank/BankTimeline.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";

const kit: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "first" }],
  parts: [
    { id: "a", size: 1 },
    { id: "b", pieces: [{ material: "oak" }] },
  ],
};
const other: KitSource = { categories: ["Wood"], parts: [{ id: "a", material: "pine" }, { id: "c" }] };

const documentName = "storage/plant/Kit of Parts.json";
const [firstGuid, secondGuid] = ["8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d", "0b6d1c52-6c50-4f4e-8d1e-6a2f9f0d7e11"];
const nothing = { inserted: 0, updated: 0, deleted: 0 };

/** Copies of documents in folders of their own, all of which go into one iModel. */
class Copies {
  public readonly timeline = new KitTimeline();
  private _count = 0;

  /** Synchronizes a new copy of a document. */
  public async sync(
    source: KitSource,
    name: string | undefined,
    changes: Partial<ConnectorJobDefArgs> = {},
  ): Promise<RunResult> {
    const folder = `copy-${this._count++}`;
    mkdirSync(join(this.timeline.folder, folder));
    this.timeline.write(source, join(folder, "kit.json"));
    const sourcePath = join(this.timeline.folder, folder, "kit.json");
    return this.timeline.resync({}, { sourcePath, ...changes }, { documentName: name });
  }

  public get jobs(): unknown[] {
    return this.timeline
      .query("SELECT CodeValue name FROM bis.SynchronizationConfigLink ORDER BY CodeValue")
      .map(({ name }) => name);
  }
}

describe("A document with a name", () => {
  it("is the same in whichever folder a copy of it lies", async () => {
    const copies = new Copies();
    await copies.sync(kit, documentName);
    const again = await copies.sync(kit, documentName);
    expect(again.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    expect(again.elements).to.deep.equal(nothing);
    expect(copies.jobs).to.deep.equal([`Kit:${documentName}`]);
    const links = copies.timeline.query("SELECT CodeValue, UserLabel, Url FROM bis.RepositoryLink");
    expect(links).to.deep.equal([{ codeValue: documentName, userLabel: "Kit of Parts.json", url: documentName }]);

    const changed = await copies.sync({ ...kit, parts: [kit.parts![0]!] }, documentName);
    expect(changed.counts).to.include({ new: 0, unchanged: 3, deleted: 1 });
  });

  it("stays the same for a StreamConnector when the copy has another name as well", async () => {
    const timeline = new BankTimeline();
    const sync = async (file: string) => {
      const sourcePath = join(timeline.kit.folder, file);
      writeFileSync(sourcePath, JSON.stringify({ entities: [{ kind: "Pump", id: "p1" }] }));
      return timeline.run({}, { connectorModule: streamModule, sourcePath }, { documentName });
    };
    expect((await sync("one.json")).counts.new).to.equal(1);
    const again = await sync("two.json");
    expect(again.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    expect(again.version).to.include({ changesetIndex: 1, isPushed: false });
  });

  it("is what a run makes that fetches it from there", async () => {
    const copies = new Copies();
    const { folder } = copies.timeline;
    copies.timeline.write(kit);
    const url = pathToFileURL(copies.timeline.sourcePath).href;
    const outputDir = join(folder, "fetched");
    await copies.timeline.resync({}, { dmsServerUrl: url, outputDir }, { cacheDirectory: join(folder, "cache") });
    await copies.sync(kit, url);
    const comparison = await compareIModels(copies.timeline.iModelPath, join(outputDir, "kit.bim"));
    expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
  });

  it("is the same when it gets a GUID, and when it is renamed then", async () => {
    const copies = new Copies();
    await copies.sync(kit, documentName);
    const withGuid = await copies.sync(kit, documentName, { documentGuid: firstGuid });
    expect(withGuid.documents.unchanged).to.equal(1);
    const renamed = await copies.sync(kit, "archive/kit.json", { documentGuid: firstGuid.toUpperCase() });
    expect(renamed.documents.unchanged).to.equal(1);
    expect(copies.jobs).to.deep.equal(["Kit:archive/kit.json"]);
    expect(copies.timeline.query("SELECT UserLabel, Url FROM bis.RepositoryLink")).to.deep.equal([
      { userLabel: "kit.json", url: "archive/kit.json" },
    ]);
  });
});

describe("Two documents of one name", () => {
  const syncBoth = async () => {
    const copies = new Copies();
    await copies.sync(kit, documentName, { documentGuid: firstGuid });
    const second = await copies.sync(other, documentName, { documentGuid: secondGuid });
    expect(second.counts).to.include({ new: 3, changed: 0, deleted: 0 });
    return copies;
  };

  it("are two jobs where they have GUIDs of their own", async () => {
    const copies = await syncBoth();
    expect(copies.jobs).to.deep.equal([`Kit:${documentName}`, `Kit:${documentName} ${secondGuid}`]);
    expect(copies.timeline.partLabels()).to.deep.equal(["a", "a", "b", "c"]);
  });

  it("do not touch each other's elements, and find their jobs again", async () => {
    const copies = await syncBoth();
    for (const [source, documentGuid] of [
      [kit, firstGuid],
      [other, secondGuid],
    ] as const) {
      const { documents, elements } = await copies.sync(source, documentName, { documentGuid });
      expect(documents.unchanged).to.equal(1);
      expect(elements).to.deep.equal(nothing);
    }
    const emptied = await copies.sync({ categories: ["Wood"] }, documentName, { documentGuid: secondGuid });
    expect(emptied.counts).to.include({ deleted: 2 });
    expect(copies.timeline.partLabels()).to.deep.equal(["a", "b"]);
  });

  it("keep apart when one of them is renamed to what the other one is called", async () => {
    const copies = new Copies();
    await copies.sync(kit, documentName, { documentGuid: firstGuid });
    await copies.sync(other, "other.json", { documentGuid: secondGuid });
    const renamed = await copies.sync(other, documentName, { documentGuid: secondGuid });
    expect(renamed.documents.unchanged).to.equal(1);
    expect(copies.jobs).to.deep.equal([`Kit:${documentName}`, `Kit:${documentName} ${secondGuid}`]);
    expect(copies.timeline.partLabels()).to.deep.equal(["a", "a", "b", "c"]);
  });
});
