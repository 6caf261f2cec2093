import { existsSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";

/**
 * Where the file of a document lay when it was read.
 * @public
 */
export interface DocumentPlace {
  /** The absolute path of the file. */
  path: string;
  /** The path from the folder of the iModel or its bank, with `/` between names, if there is such a folder. */
  fromIModel?: string;
}

/**
 * Where the file of a document lies in a run.
 * @public
 */
export interface FilePlace extends DocumentPlace {
  /** The folder in which the iModel or its bank lies, if there is one. */
  iModelFolder?: string;
}

/** The place of a file, given as an absolute path. */
export function placeOf(path: string, iModelFolder: string | undefined): FilePlace {
  if (iModelFolder === undefined) return { path };
  return { path, fromIModel: relative(iModelFolder, path).split(sep).join("/"), iModelFolder };
}

/**
 * Tells whether two places are those of different documents of the same name: whether the file is still there that was
 * read before. A file that is gone has moved. One that lies as before, seen from the iModel, has moved or been copied
 * together with it.
 * @param place - undefined for a copy of something at a URL, which is no file that was read before
 * @returns the path of the other file
 */
export function findOtherFile(known: DocumentPlace, place: FilePlace | undefined): string | undefined {
  if (place === undefined) return existsSync(known.path) ? known.path : undefined;
  if (liesAsBefore(known, place)) return undefined;
  return formerPaths(known, place).find((path) => existsSync(path) && !isSameFile(path, place.path));
}

/** Whether the file of a document lies elsewhere than before, by itself: not together with the iModel. */
export function hasMoved(known: DocumentPlace, place: DocumentPlace): boolean {
  return !liesAsBefore(known, place) && !(existsSync(known.path) && isSameFile(known.path, place.path));
}

function liesAsBefore(known: DocumentPlace, place: DocumentPlace): boolean {
  return known.path === place.path || (known.fromIModel !== undefined && known.fromIModel === place.fromIModel);
}

/** Where the file should be if nothing has moved, and where it should be if all has moved together. */
function formerPaths({ path, fromIModel }: DocumentPlace, { iModelFolder }: FilePlace): string[] {
  return fromIModel === undefined || iModelFolder === undefined ? [path] : [path, resolve(iModelFolder, fromIModel)];
}

/** Whether two paths lead to one file, by links or in a file system that ignores case. */
function isSameFile(left: string, right: string): boolean {
  if (!existsSync(right)) return false;
  const [a, b] = [statSync(left), statSync(right)];
  return a.ino === b.ino && a.dev === b.dev;
}
