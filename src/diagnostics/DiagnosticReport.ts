/**
 * How grave a record of a report is: `Fatal` is the error that ended the task, `Critical` means that something was left out or
 * replaced although the run went on.
 * @public
 */
export type RecordLevel = "Fatal" | "Error" | "Critical" | "Warning" | "Info";

/**
 * What a report says of where it comes from. All ids are those of the platform, or of the service.
 * @public
 */
export interface ReportContext {
  /** Reports of one task have all details. */
  reportType: "detailReport";
  /** `NORMAL_UPDATE`, or `UNMAP` where everything of the document was removed. */
  operationType: string;
  /** The job. */
  jobid?: string;
  /** The iTwin. */
  contextid?: string;
  /** The iModel. */
  imodelid?: string;
  /** The run. */
  activityid?: string;
  /** When the task ended, in ISO 8601. */
  timestamp: string;
}

/**
 * A file that the source file of a task refers to, or that an issue lies in.
 * @public
 */
export interface ReferencedFile {
  /** What `filerecords` call it by. */
  fileId: string;
  /** Its name. */
  fileName: string;
  /** An address that opens in a browser. */
  path?: string;
  /** What became of it. */
  state: "Processed" | "Missing" | "Failed";
  /** Whether it could be read. */
  fileExists: boolean;
  /** Whether the iModel has what it brought. */
  bimFileExists: boolean;
  /** Why it was not imported. */
  failureReason?: string;
}

/**
 * The source file of a task, and the files that it refers to.
 * @public
 */
export interface SourceFilesInfo {
  /** Always `File`. */
  itemType: string;
  /** The name of the store that the file comes from. */
  dataSource: string;
  /** An address that opens in a browser. */
  path?: string;
  /** What `filerecords` call it by. */
  fileId: string;
  /** Its name. */
  fileName: string;
  /** Whether it could be read. */
  fileExists: boolean;
  /** Whether the iModel has what it brought. */
  bimFileExists: boolean;
  /** The others. */
  Files: ReferencedFile[];
}

/**
 * One issue. The fields of its place are there if the place is known.
 * @public
 */
export interface AuditInfo {
  /** The code of the issue, such as `geospatial/far`. */
  issueid: string;
  /** How grave it is. */
  level: RecordLevel;
  /** One of the platform's categories. */
  category: string;
  /** One of the platform's types. */
  type: string;
  /** What is wrong, where, and what to do. */
  message: string;
  /** The name of the file that it lies in. */
  fileName: string;
  /** Line of the file. */
  line?: number;
  /** Sheet of a workbook. */
  sheet?: string;
  /** Table of the file. */
  table?: string;
  /** Number of the record in its table. */
  record?: number;
  /** Cell of a sheet, or name of a column. */
  cell?: string;
}

/**
 * One issue, and what it is about.
 * @public
 */
export interface AuditRecord {
  /** The issue. */
  auditinfo: AuditInfo;
  /** The element of the iModel and the entity of the source; empty texts where there are none. */
  elementinfo: { ecinstanceid: string; sourceid: string };
}

/**
 * The issues of one file.
 * @public
 */
export interface FileRecord {
  /** The file, by its `fileId`. */
  file: { identifier: string; path?: string };
  /** Its issues. */
  auditrecords: AuditRecord[];
}

/**
 * What a run has to say of a source file, in the form that the platform's viewer of reports shows
 * (`@itwin/synchronization-report-react`).
 * @public
 */
export interface DiagnosticReport {
  /** Where it comes from. */
  context: ReportContext;
  /** The files. */
  sourceFilesInfo: SourceFilesInfo;
  /** The issues of each of them. */
  filerecords: FileRecord[];
}
