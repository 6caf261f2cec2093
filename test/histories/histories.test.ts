import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { compareIModels } from "itwin-connector-framework";
import { isLongTest } from "../support/long.js";
import { temporaryFolder } from "../support/temporary.js";
import type { HistoryDocument } from "./HistoryConnector.js";
import { HistorySource, makeTarget, type HistoryTarget, type TargetKind } from "./HistoryTarget.js";
import { applyChanges, histories, type HistoryStep } from "./SourceHistory.js";

/** Follows a source through its history with one iModel, and compares it after every step with a new one. */
class History {
  private readonly _folder = temporaryFolder();
  private readonly _source = new HistorySource(join(this._folder, "source"));
  private readonly _target: HistoryTarget;
  private _documents: HistoryDocument[] = [{ items: [] }, { items: [] }];

  public constructor(kind: TargetKind) {
    this._target = makeTarget(kind, join(this._folder, "target"));
  }

  public async follow(steps: readonly HistoryStep[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      await this._take(step, index);
      await this._compare(index);
      this._target.keep(`step-${index}`);
    }
  }

  public dispose(): void {
    rmSync(this._folder, { recursive: true, force: true });
  }

  private async _take({ changes, fails, restores }: HistoryStep, index: number): Promise<void> {
    this._documents = applyChanges(this._documents, changes);
    if (restores !== undefined && index - restores >= 0) this._target.restore(`step-${index - restores}`);
    for (const [number, document] of this._documents.entries()) {
      if (fails !== undefined && fails < document.items.length && index > 0) await this._fail(number, document, fails);
      this._source.write(number, document);
      const { error } = await this._target.run(this._source.pathOf(number));
      expect(error, `step ${index}, document ${number}: ${error?.code} ${error?.message}`).to.equal(undefined);
    }
  }

  private async _fail(number: number, document: HistoryDocument, breaksAfter: number): Promise<void> {
    const before = this._target.state;
    this._source.write(number, { ...document, breaksAfter });
    const { error } = await this._target.run(this._source.pathOf(number));
    expect(error?.code).to.equal("history/broken");
    expect(this._target.state, "after a run that failed").to.equal(before);
  }

  private async _compare(index: number): Promise<void> {
    const folder = join(this._folder, `fresh-${index}`);
    const fresh = makeTarget("snapshot", folder);
    for (const number of this._documents.keys())
      expect((await fresh.run(this._source.pathOf(number))).error, "a new iModel").to.equal(undefined);
    const comparison = await compareIModels(await this._target.open(), await fresh.open());
    rmSync(folder, { recursive: true });
    expect(comparison.isEqual, `step ${index}: ${JSON.stringify(comparison, undefined, 1)}`).to.equal(true);
  }
}

const targetKinds: readonly TargetKind[] = ["snapshot", "standalone", "bank"];

/** So many histories in all; the long form takes hours, and the variable makes it shorter. */
const count = isLongTest ? Number(process.env.HISTORIES ?? 2000) : 30;

describe("The iModel of a source with a history equals a new one after every step @all", () => {
  for (const kind of targetKinds)
    it(`as a ${kind}`, async function () {
      this.timeout(0);
      const numRuns = Math.ceil(count / targetKinds.length);
      const seed = isLongTest ? undefined : 13;
      await fc.assert(
        fc.asyncProperty(histories, async (steps) => {
          const history = new History(kind);
          try {
            await history.follow(steps);
          } finally {
            history.dispose();
          }
        }),
        { numRuns, seed, endOnFailure: !isLongTest },
      );
    });
});
