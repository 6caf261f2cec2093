import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { SnapshotDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { compareIModels } from "../../compare/compareIModels.js";
import { eachRow } from "../../imodel/queries.js";
import { expectThat } from "./Finding.js";

/** What a run may write although nothing changed: that it took place, and the state of the document. */
const bookkeeping = ["RepositoryLink", "ExternalSource", "SynchronizationConfigLink"];

/** Which elements were written between two states of an iModel, whoever wrote them. */
export interface WrittenElements {
  inserted: Id64String[];
  updated: Id64String[];
  deleted: Id64String[];
}

/** An iModel as it was at one time. */
export class IModelState {
  private constructor(
    private readonly _copy: string,
    /** The same for the same bytes. */
    public readonly hash: string,
    private readonly _lastModified: ReadonlyMap<Id64String, number>,
  ) {}

  /** @param copy - where to keep a copy of it */
  public static of(path: string, copy: string): IModelState {
    copyFileSync(path, copy);
    const imodel = SnapshotDb.openFile(copy);
    try {
      const lastModified = new Map<Id64String, number>();
      const classes = bookkeeping.map((name) => `bis.${name}`).join();
      const ecsql = `SELECT ECInstanceId, LastMod FROM bis.Element WHERE ECClassId IS NOT (${classes})`;
      eachRow(imodel, ecsql, [], (row) => lastModified.set(row.getValueId(0), row.getValueDouble(1)));
      return new IModelState(copy, hashOf(path), lastModified);
    } finally {
      imodel.close();
    }
  }

  /** Ids of elements, those of documents and jobs apart. */
  public get elementIds(): Id64String[] {
    return [...this._lastModified.keys()];
  }

  /** What was written since an earlier state, as the time stamps of elements tell. */
  public writtenSince({ _lastModified: before }: IModelState): WrittenElements {
    const ids = this.elementIds;
    return {
      inserted: ids.filter((id) => !before.has(id)),
      updated: ids.filter((id) => before.has(id) && before.get(id) !== this._lastModified.get(id)),
      deleted: [...before.keys()].filter((id) => !this._lastModified.has(id)),
    };
  }

  /** Ends the check where anything was written since an earlier state, or reads differently now. */
  public async expectNothingWrittenSince(earlier: IModelState, when: string): Promise<void> {
    const { inserted, updated, deleted } = this.writtenSince(earlier);
    const counts = `${inserted.length} inserted, ${updated.length} updated, ${deleted.length} deleted elements`;
    expectThat(inserted.length + updated.length + deleted.length === 0, `nothing to be written ${when}`, counts);
    const differences = await this._differencesFrom(earlier);
    expectThat(differences.length === 0, `the same content ${when}`, `differences of ${differences.join(", ")}`);
  }

  /** Of aspects, relationships, schemas and the iModel itself too. */
  private async _differencesFrom(earlier: IModelState): Promise<string[]> {
    const { iModel, schemas, elements, relationships } = await compareIModels(earlier._copy, this._copy);
    const changed = elements.changed.filter(
      ({ className }) => !bookkeeping.includes(className.slice(className.indexOf(":") + 1)),
    );
    const links = [...relationships.onlyInA, ...relationships.onlyInB, ...relationships.changed];
    return [
      ...iModel.map(({ property }) => property),
      ...schemas.map(({ name }) => `schema ${name}`),
      ...changed.map(({ label, properties }) => `${label} (${properties.map(({ property }) => property).join(", ")})`),
      ...links.map(({ className, source, target }) => `${className} from ${source} to ${target}`),
    ];
  }
}

/** What a file holds, as a hash. */
export function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
