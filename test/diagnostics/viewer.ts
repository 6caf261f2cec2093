import { expect } from "chai";

/** The report as the platform's viewer declares it: all fields are optional there. */
export interface ViewerReport {
  context?: {
    reportType?: "detailReport" | "summaryReport" | "TransformationUserReport";
    operationType?: string;
    jobid?: string;
    contextid?: string;
    imodelid?: string;
    activityid?: string;
    briefcaseid?: string;
    timestamp?: string;
  };
  sourceFilesInfo?: ViewerFile & { itemType?: string; dataSource?: string; Files?: ViewerFile[] };
  filerecords?: ViewerFileRecord[];
  elementRecords?: { elementids?: string; reason?: string; repositorylinkId?: string }[];
}

interface ViewerFile {
  fileId?: string;
  fileName?: string;
  path?: string;
  state?: string;
  iModelFileId?: string;
  fileExists?: boolean;
  bimFileExists?: boolean;
  failureReason?: string;
}

interface ViewerFileRecord {
  file?: { identifier?: string; path?: string };
  auditrecords?: ViewerRecord[];
}

export interface ViewerRecord {
  auditinfo?: {
    issueid?: string;
    level?: string;
    category?: string;
    type?: string;
    message?: string;
    fileName?: string;
  };
  elementinfo?: { ecinstanceid?: string; sourceid?: string };
}

/** What the tiles of the viewer's banner count. */
export interface Tiles {
  errors: number;
  warnings: number;
  info: number;
}

/** All records of a report, in order. Fails where the viewer does. */
export function recordsOf({ filerecords }: ViewerReport): Required<ViewerRecord>[] {
  return filerecords!.flatMap(({ auditrecords }) => {
    expect(auditrecords).to.be.an("array");
    return auditrecords!.map((record) => {
      expect(record.auditinfo).to.be.an("object");
      expect(record.elementinfo).to.be.an("object");
      return record as Required<ViewerRecord>;
    });
  });
}

/** The numbers in the banner. A level that is in no tile is a mistake. */
export function tilesOf(report: ViewerReport): Tiles {
  const tiles: Tiles = { errors: 0, warnings: 0, info: 0 };
  const tileOf: Record<string, keyof Tiles> = {
    Fatal: "errors",
    Error: "errors",
    Critical: "warnings",
    Warning: "warnings",
    Info: "info",
  };
  for (const { auditinfo } of recordsOf(report)) {
    expect(tileOf).to.have.property(auditinfo.level!);
    tiles[tileOf[auditinfo.level!]!]++;
  }
  return tiles;
}

/** What the viewer needs of every report. */
export function expectShowable(report: ViewerReport): void {
  expect(Number.isNaN(new Date(report.context!.timestamp!).getTime()), "timestamp").to.equal(false);
  expect(report.context!.reportType).to.equal("detailReport");
  const info = report.sourceFilesInfo!;
  expect(info.Files).to.be.an("array");
  const known = [info, ...info.Files!];
  for (const { fileId, fileName, fileExists, path } of known) {
    expect([typeof fileId, typeof fileName, typeof fileExists]).to.deep.equal(["string", "string", "boolean"]);
    if (path !== undefined) expect(path).to.match(/^https?:/);
  }
  const ids = known.map(({ fileId }) => fileId);
  for (const { file } of report.filerecords!) expect(ids).to.include(file!.identifier);
  tilesOf(report);
}
