import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What tells a folder of grids from what it was: with other grids, places may be others. A missing folder has no grids. */
export function gridsState(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.gsb$/i.test(name));
    return names.sort().map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  } catch {
    return []; // the connector reports it when it opens the folder
  }
}
