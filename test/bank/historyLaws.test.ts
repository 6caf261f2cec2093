import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChangesetType } from "@itwin/core-common";
import { expect } from "chai";
import fc from "fast-check";
import { findFaultyFiles, rangesWithout } from "../../src/bank/bankHealth.js";
import { collectGarbage } from "../../src/bank/collectGarbage.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { checkoutRanges, mergeRanges, type FaultyFile, type VersionRange } from "../../src/bank/lostFiles.js";
import { temporaryFolder } from "../support/temporary.js";

/** A history, and which of its files are lost. */
interface Losses {
  latest: number;
  checkpoints: number[];
  lostCheckpoints: number[];
  lostChangesets: number[];
}

/** Versions in a row from 0, some with a checkpoint, and some of the files lost. */
const losses: fc.Arbitrary<Losses> = fc.nat({ max: 12 }).chain((latest) =>
  fc.record({
    latest: fc.constant(latest),
    checkpoints: fc.subarray(upTo(latest)).map((indexes) => [...new Set([0, ...indexes])]),
    lostCheckpoints: fc.subarray(upTo(latest)),
    lostChangesets: fc.subarray(upTo(latest).slice(1)),
  }),
);

function upTo(latest: number): number[] {
  return Array.from({ length: latest + 1 }, (_, index) => index);
}

/** The naive model: a version is reachable by its own checkpoint, or by its changeset from the version before it. */
function reachableVersions({ latest, checkpoints, lostCheckpoints, lostChangesets }: Losses): number[] {
  const reachable = new Set<number>();
  for (const version of upTo(latest)) {
    const hasCheckpoint = checkpoints.includes(version) && !lostCheckpoints.includes(version);
    if (hasCheckpoint || (reachable.has(version - 1) && !lostChangesets.includes(version))) reachable.add(version);
  }
  return [...reachable];
}

function faultyFiles({ checkpoints, lostCheckpoints, lostChangesets }: Losses): FaultyFile[] {
  const fileOf = (kind: FaultyFile["kind"]) => (changesetIndex: number) => {
    return { path: "", fault: "missing" as const, kind, changesetIndex };
  };
  const lost = lostCheckpoints.filter((index) => checkpoints.includes(index));
  return [...lost.map(fileOf("checkpoint")), ...lostChangesets.map(fileOf("changeset"))];
}

function versionsIn(ranges: readonly VersionRange[]): number[] {
  return ranges.flatMap(([first, last]) => upTo(last).slice(first));
}

describe("The ranges of versions that can be checked out", () => {
  it("hold each reachable version once, and no other", () => {
    fc.assert(
      fc.property(losses, (history) => {
        const ranges = checkoutRanges(history.latest, history.checkpoints, faultyFiles(history));
        expect(versionsIn(ranges)).to.deep.equal(reachableVersions(history));
      }),
    );
  });

  it("are merged into ranges of the same versions, with a gap between any two", () => {
    fc.assert(
      fc.property(losses, (history) => {
        const merged = mergeRanges(checkoutRanges(history.latest, history.checkpoints, faultyFiles(history)));
        expect(versionsIn(merged)).to.deep.equal(reachableVersions(history));
        merged.slice(1).forEach(([first], index) => expect(first).to.be.greaterThan(merged[index]![1] + 1));
      }),
    );
  });
});

/** What can happen to a history. The number selects a version. */
type Step = readonly [kind: "push" | "checkpoint" | "name" | "lose" | "collect" | "stray", version: number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc
      .constantFrom("push" as const, "push" as const, "checkpoint" as const, "name" as const)
      .chain((often) => fc.constantFrom(often, "lose" as const, "collect" as const, "stray" as const)),
    fc.nat({ max: 20 }),
  ),
  { maxLength: 15 },
);

/** An iModel of a real bank beside a naive model of it. A bank does not look into files, so that any text stands for one. */
class Chronicle {
  public readonly checkpoints = new Set([0]);
  public readonly names: [name: string, version: number][] = [];
  public readonly lostCheckpoints = new Set<number>();
  public readonly lostChangesets = new Set<number>();
  public latest = 0;

  private constructor(
    public readonly bank: IModelBank,
    public readonly iModelId: string,
    private readonly _folder: string,
  ) {}

  public static async begin(): Promise<Chronicle> {
    const folder = temporaryFolder();
    const bank = IModelBank.create(join(folder, "bank"));
    const { id } = await bank.createIModel({ name: "Plant" }, (path) => writeFileSync(path, "version 0"));
    return new Chronicle(bank, id, folder);
  }

  public async take([kind, number]: Step): Promise<void> {
    const version = number % (this.latest + 1);
    switch (kind) {
      case "push":
        return this._push();
      case "checkpoint":
        await this.bank.addCheckpoint(this.iModelId, version, this._write("checkpoint"));
        this.checkpoints.add(version);
        this.lostCheckpoints.delete(version);
        return;
      case "name":
        this.names.push([`Issue ${this.names.length + 1} of the drawings`, version]);
        this.bank.nameVersion(this.iModelId, version, this.names.at(-1)![0]);
        return;
      case "lose":
        this._lose(version, number);
        return;
      case "collect":
        await collectGarbage(this.bank, 0);
        return;
      case "stray":
        writeFileSync(this.bank.layout.changeset(this.iModelId, "dead"), "left by a process that died");
    }
  }

  private async _push(): Promise<void> {
    const briefcaseId = this.bank.acquireBriefcase(this.iModelId);
    const { id: parentId } = this.bank.latest(this.iModelId);
    const id = String(this.latest + 1).padStart(40, "0");
    const pathname = this._write(id);
    const described = { description: "", pushDate: "", userCreated: "", changesType: ChangesetType.Regular };
    const pushed = { id, parentId, briefcaseId, pathname, index: 0, size: 0, ...described };
    expect(await this.bank.push(this.iModelId, pushed)).to.equal(++this.latest);
  }

  private _lose(version: number, number: number): void {
    const isCheckpoint = version === 0 || (number % 2 === 0 && this.checkpoints.has(version));
    (isCheckpoint ? this.lostCheckpoints : this.lostChangesets).add(version);
    const { layout } = this.bank;
    const { id } = this.bank.changeset(this.iModelId, { index: version });
    const path = isCheckpoint ? layout.checkpoint(this.iModelId, version) : layout.changeset(this.iModelId, id);
    rmSync(path, { force: true });
  }

  private _write(content: string): string {
    const path = join(this._folder, "given");
    writeFileSync(path, content);
    return path;
  }
}

describe("The history of a bank", () => {
  it("has no gap after any steps, and tells which versions can be checked out", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const chronicle = await Chronicle.begin();
        for (const step of taken) await chronicle.take(step);
        const { bank, iModelId, latest } = chronicle;
        const { changesets, checkpoints, namedVersions } = bank.history(iModelId);

        expect(changesets.map(({ index }) => index)).to.deep.equal(upTo(latest).slice(1));
        changesets.slice(1).forEach(({ parentId }, index) => expect(parentId).to.equal(changesets[index]!.id));
        expect(new Set(checkpoints.map(({ changesetIndex }) => changesetIndex))).to.deep.equal(chronicle.checkpoints);
        expect(namedVersions.map(({ name, changesetIndex }) => [name, changesetIndex])).to.have.deep.members(
          chronicle.names,
        );
        const faulty = await findFaultyFiles(bank, iModelId);
        const lost = [...chronicle.lostCheckpoints].length + [...chronicle.lostChangesets].length;
        expect(faulty).to.have.length(lost);
        expect(versionsIn(rangesWithout(bank, iModelId, faulty))).to.deep.equal(
          reachableVersions({
            latest,
            checkpoints: [...chronicle.checkpoints],
            lostCheckpoints: [...chronicle.lostCheckpoints],
            lostChangesets: [...chronicle.lostChangesets],
          }),
        );
      }),
      { numRuns: 15 },
    );
  });
});
