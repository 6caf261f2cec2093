import { existsSync, readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { BankIModel } from "./bankIModels.js";
import type { IModelBank } from "./IModelBank.js";

/**
 * Removes the files that dead processes have left in a bank: those that are not recorded. Younger ones than `age` stay,
 * since their push may still be going on.
 * @param age - in milliseconds
 * @returns the paths that were removed
 */
export async function collectGarbage(bank: IModelBank, age: number): Promise<string[]> {
  const { layout } = bank;
  const folders = filesOf(layout.iModels);
  const { iModels } = bank;
  const known = new Set(iModels.map(({ id }) => layout.iModel(id)));
  const strays = iModels.flatMap((imodel) => strayFiles(bank, imodel));
  const candidates = [...folders.filter((folder) => !known.has(folder)), ...strays];
  const garbage = candidates.filter((path) => ageOf(path) >= age);
  for (const path of garbage) await rm(path, { recursive: true, force: true });
  return garbage;
}

function strayFiles(bank: IModelBank, { id }: BankIModel): string[] {
  const { layout } = bank;
  // Files first: what is recorded after they were listed is not among them.
  const files = [...filesOf(layout.changesets(id)), ...filesOf(layout.checkpoints(id))];
  const recorded = new Set([
    ...bank.changesets(id).map((changeset) => layout.changeset(id, changeset.id)),
    ...bank.checkpoints(id).map(({ changesetIndex }) => layout.checkpoint(id, changesetIndex)),
  ]);
  return files.filter((path) => !recorded.has(path));
}

function filesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** In milliseconds. A file that has just got its final name is not there any more under the other one. */
function ageOf(path: string): number {
  const state = statSync(path, { throwIfNoEntry: false });
  return state === undefined ? -1 : Date.now() - state.mtimeMs;
}
