import { writeFileSync } from "node:fs";
import { plainTable, hostileTables } from "./hostileTables.js";
import type { HostileTable } from "./HostileTable.js";

/**
 * A source file that a connector may meet.
 * @public
 */
export interface HostileSource {
  /** What is hostile about it. Unique. */
  title: string;
  /**
   * How many records it has, each of which must come to something: an entity, or an issue of the run. Default: not known.
   */
  records?: number;
  /** Writes the file. */
  write(path: string): void | Promise<void>;
}

/**
 * Hostile sources of one format.
 * @public
 */
export interface HostileSources {
  /** The name of the source file, such as `hostile.csv`. */
  fileName: string;
  /** A source with nothing hostile about it, which is in the iModel before. */
  plain: HostileSource;
  /** The hostile sources. */
  sources: readonly HostileSource[];
}

/**
 * The hostile tables as sources of a format.
 * @param write - returns the content of a file that holds the table, or writes the file to the path and returns undefined
 * @public
 */
export function hostileTablesAs(
  fileName: string,
  write: (
    table: HostileTable,
    path: string,
  ) => string | Uint8Array | undefined | Promise<string | Uint8Array | undefined>,
): HostileSources {
  const sourceOf = (table: HostileTable): HostileSource => ({
    title: table.title,
    records: table.rows.filter(isRecord).length,
    write: async (path) => {
      const content = await write(table, path);
      if (content !== undefined) writeFileSync(path, content);
    },
  });
  return { fileName, plain: sourceOf(plainTable), sources: hostileTables().map(sourceOf) };
}

/** A row without anything is none in most formats. */
function isRecord(cells: HostileTable["rows"][number]): boolean {
  return cells.some((cell) => cell !== null && cell !== "");
}

/** A source of the given content. */
export function sourceOf(title: string, content: string | Uint8Array, records?: number): HostileSource {
  return { title, records, write: (path) => writeFileSync(path, content) };
}
