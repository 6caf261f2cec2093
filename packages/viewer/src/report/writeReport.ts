import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { SnapshotDb, type IModelDb } from "@itwin/core-backend";
import { inTemporaryFolder, openForReading, orUndo, unfinishedSuffix } from "itwin-connector-framework/internal";
import { readModelChanges, type ModelChanges, type NamedIModel } from "../changes/readModelChanges.js";
import { ModelContents } from "../elements/ModelContents.js";
import { explainFullDisk } from "../graphics/output.js";
import { withIModel } from "../graphics/GraphicsSource.js";
import { drawnBefore, tilesOf } from "../view/parts.js";
import { addChanges, addDeleted, addModel, addTiles, bySize } from "./addModel.js";
import { describeRun, nameOfIModel, readExamples, type ReportedRun } from "./describeRun.js";
import { ReportParts } from "./ReportParts.js";
import { checkReportPath, placeOfReport, type ReportPlace } from "./reportPlace.js";
import { sizeOfEmptyPage, writeReportPage } from "./reportPage.js";

/**
 * How a report is written.
 * @public
 */
export interface ReportOptions {
  /** So large may one file be, in bytes. A larger report has its data in a folder beside the page. Default: 20,000,000. */
  readonly maxBytes?: number;
}

/**
 * A report that was written.
 * @public
 */
export interface WrittenReport {
  /** The path of the page. */
  readonly path: string;
  /** The path of the folder with its data, if it is too large for one file. */
  readonly folder?: string;
  /** How large it is. */
  readonly bytes: number;
  /** How large it may be as one file. */
  readonly maxBytes: number;
}

/**
 * Writes a page about a run, which opens from the disk without a network: what ran, its counts, times and issues, and the
 * iModel in 3D with what changed. It appears when it is complete. An earlier report is replaced.
 * @param file - the path of the page
 * @throws ConnectorError `usage/file-exists` if there is something else at the path, `usage/not-writable`, `viewer/disk-full`
 * @public
 */
export async function writeReport(run: ReportedRun, file: string, options: ReportOptions = {}): Promise<WrittenReport> {
  const { maxBytes = 20_000_000 } = options;
  checkReportPath(file);
  const place = placeOfReport(file);
  const suffix = `.${randomUUID()}${unfinishedSuffix}`;
  const unfinished = { path: place.path + suffix, folder: place.folder + suffix };
  const write = async () => {
    const parts = new ReportParts(unfinished.folder, maxBytes - (await sizeOfEmptyPage()));
    await addParts(parts, run);
    const bytes = await writePage(unfinished.path, parts, basename(place.folder));
    await replace(place, unfinished);
    const folder = parts.isInFolder ? place.folder : undefined;
    return { path: place.path, folder, bytes: bytes + (parts.isInFolder ? parts.bytes : 0), maxBytes };
  };
  const remove = () => {
    for (const path of [unfinished.path, unfinished.folder]) rmSync(path, { recursive: true, force: true });
  };
  return orUndo(write, remove).catch((error: unknown) => {
    throw explainFullDisk(error, place.path);
  });
}

/** @returns how many bytes the page has */
async function writePage(path: string, parts: ReportParts, folder: string): Promise<number> {
  const handle = await open(path, "wx");
  let bytes = 0;
  try {
    await writeReportPage({ parts: parts.kept, folder: parts.isInFolder ? folder : undefined }, async (text) => {
      await handle.writeFile(text); // all of it, unlike write
      bytes += Buffer.byteLength(text);
    });
  } finally {
    await handle.close();
  }
  return bytes;
}

/** The page comes last: it needs the folder. */
async function replace({ path, folder }: ReportPlace, unfinished: ReportPlace): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (existsSync(unfinished.folder)) await rename(unfinished.folder, folder);
  await rename(unfinished.path, path);
}

async function addParts(parts: ReportParts, run: ReportedRun): Promise<void> {
  const { error, iModelPath } = run.result;
  const hasModel = error === undefined && iModelPath !== undefined && existsSync(iModelPath);
  if (!hasModel) {
    parts.add("run", { ...describeRun(run), hasModel });
    return;
  }
  await withIModel(iModelPath, async (imodel) => {
    const contents = await ModelContents.read(imodel);
    parts.add("run", { ...describeRun(run), hasModel, examples: await readExamples(contents, run) });
    const changes = run.result.dryRun ? undefined : await addComparison(parts, run, imodel);
    const changed = changes?.elements.filter(({ kind }) => kind !== "deleted").map(({ id }) => id) ?? [];
    const first = [...existing(imodel, run), ...changed];
    const tiles = tilesOf(imodel, iModelPath);
    const name = nameOfIModel(run);
    await addModel(parts, { contents, name, path: iModelPath, tiles, isCompared: changes !== undefined, first });
    if (tiles !== undefined) await addTiles(parts, tiles);
  });
}

/** The elements of issues that are still there. */
function existing(imodel: IModelDb, { result }: ReportedRun): string[] {
  return result.issues.flatMap(({ elementId: id = "0" }) => (imodel.elements.tryGetElementProps(id) ? [id] : []));
}

/** Adds what the run changed. The first run is compared with an empty iModel. */
async function addComparison(parts: ReportParts, run: ReportedRun, imodel: IModelDb): Promise<ModelChanges> {
  const now = { imodel, name: nameOfIModel(run) };
  if (run.before !== undefined) return compareWith({ path: run.before, name: "before the run" }, parts, now);
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, "empty.bim");
    SnapshotDb.createEmpty(path, { rootSubject: { name: imodel.rootSubject.name } }).close();
    return compareWith({ path, name: "an empty iModel" }, parts, now);
  });
}

/** Adds what differs, and the tiles of what is gone or was elsewhere. */
async function compareWith(
  { path, name }: { path: string; name: string },
  parts: ReportParts,
  now: NamedIModel,
): Promise<ModelChanges> {
  const { imodel: earlier, close } = openForReading(path);
  try {
    const changes = bySize(await readModelChanges({ imodel: earlier, name }, now));
    addChanges(parts, changes);
    const deleted = changes.elements.filter(({ kind }) => kind === "deleted");
    await addDeleted(
      parts,
      await ModelContents.read(earlier),
      deleted.map(({ id }) => id),
    );
    const tiles = tilesOf(earlier, path, drawnBefore(changes));
    if (tiles !== undefined) await addTiles(parts, tiles, "before-");
    return changes;
  } finally {
    close();
  }
}
