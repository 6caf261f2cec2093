import { posix } from "node:path";
import type { AuditRecord, DiagnosticReport, FileRecord, ReferencedFile, ReportContext } from "./DiagnosticReport.js";
import { toRecords, type PlacedRecord, type ReportedRun } from "./toRecords.js";

/**
 * A file that a report names.
 * @public
 */
export interface ReportedFile extends Omit<ReferencedFile, "state" | "failureReason"> {
  /** The path that issues call it by, where that is not its name. */
  localPath?: string;
}

/**
 * A file that the source file of a report refers to.
 * @public
 */
export type ReportedReference = ReportedFile & Pick<ReferencedFile, "state" | "failureReason">;

/**
 * What a report says beside the issues.
 * @public
 */
export interface ReportedTask {
  /** Where it comes from. */
  context: Omit<ReportContext, "reportType">;
  /** The source file. */
  file: ReportedFile;
  /** The name of the store that the source file comes from. */
  dataSource: string;
  /** The files that it refers to. Files that only issues name are added. Default: none. */
  references?: readonly ReportedReference[];
}

/** How many records of a report the platform's viewer counts as what. */
export interface RecordCounts {
  /** Fatal ones and errors. */
  errors: number;
  /** Critical ones and warnings. */
  warnings: number;
  /** The others. */
  others: number;
}

/**
 * Makes the report of a run on one source file, with its issues and what was not imported, as the platform's viewer of
 * reports shows it.
 * @param run - the result of the run
 * @param task - which file was synchronized, and for whom
 * @public
 */
export function makeDiagnosticReport(run: ReportedRun, task: ReportedTask): DiagnosticReport {
  const { context, dataSource, file } = task;
  const files = new FilesOfReport(task);
  for (const record of toRecords(run)) files.add(record);
  const { fileId, fileName, path, fileExists, bimFileExists } = file;
  const described = { dataSource, path, fileId, fileName, fileExists, bimFileExists };
  return {
    context: { reportType: "detailReport", ...context },
    sourceFilesInfo: { itemType: "File", ...described, Files: files.references },
    filerecords: files.records,
  };
}

/** How many records of a run the platform's viewer counts as errors, as warnings and as others. */
export function countRecords(run: ReportedRun): RecordCounts {
  const levels = toRecords(run).map(({ auditinfo: { level } }) => level);
  const count = (...counted: (typeof levels)[number][]) => levels.filter((level) => counted.includes(level)).length;
  return { errors: count("Fatal", "Error"), warnings: count("Critical", "Warning"), others: count("Info") };
}

/** The files of a report, each with its records. A record without a file is one of the source file. */
class FilesOfReport {
  public readonly references: ReferencedFile[] = [];
  private readonly _entries: { file: ReportedFile; records: AuditRecord[] }[] = [];

  public constructor({ file, references = [] }: ReportedTask) {
    this._entries.push({ file, records: [] });
    for (const { localPath, ...reference } of references) this._addReference(reference, localPath);
  }

  /** Also those of files without records: the viewer asks each file for its list. */
  public get records(): FileRecord[] {
    return this._entries.map(({ file: { fileId, path }, records }) => {
      return { file: { identifier: fileId, path }, auditrecords: records };
    });
  }

  public add({ file, auditinfo, elementinfo }: PlacedRecord): void {
    const entry = this._entryOf(file);
    entry.records.push({ auditinfo: { ...auditinfo, fileName: entry.file.fileName }, elementinfo });
  }

  private _entryOf(path: string | undefined) {
    const [source] = this._entries;
    if (path === undefined && source !== undefined) return source;
    const name = slashed(path ?? "");
    const isExact = (file: ReportedFile) => name === slashed(file.localPath ?? file.fileName);
    return (
      this._entries.find(({ file }) => isExact(file)) ??
      this._entries.find(({ file }) => isSameFile(slashed(file.localPath ?? file.fileName), name)) ??
      this._addReference(toReference(name))
    );
  }

  private _addReference(reference: ReferencedFile, localPath?: string) {
    const entry = { file: { ...reference, localPath }, records: [] };
    this.references.push(reference);
    this._entries.push(entry);
    return entry;
  }
}

/** A file that was read beside the source file, since an issue lies in it. */
function toReference(path: string): ReferencedFile {
  const fileName = posix.basename(path);
  return { fileId: path, fileName, state: "Processed", fileExists: true, bimFileExists: true };
}

/** Whether two paths can be those of one file: one is the end of the other. */
function isSameFile(one: string, other: string): boolean {
  return one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
