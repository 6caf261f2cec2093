import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { OutdatedFindings } from "../sync/documents/DocumentFindings.js";
import type { SourceEntity } from "../connector/stream/SourceEntity.js";
import { textOf } from "./cells/columnTypes.js";
import type { TableClass } from "./classes/tableClasses.js";
import { shorten, type SourceErrors } from "./format/SourceErrors.js";
import type { TableRow } from "./format/TableReader.js";
import { reportPositions, type PlacedRows } from "./place/placeTables.js";
import { RowEntities } from "./RowEntities.js";
import { readBatches } from "./rows/readBatches.js";
import { coversAll, isPlacedAlike, keepTable, type KeptTable } from "./survey/KeptTable.js";
import type { PositionIssue } from "./survey/positionIssues.js";
import { PositionSurvey } from "./survey/PositionSurvey.js";
import { Surveyor } from "./survey/Surveyor.js";
import type { TableSurvey } from "./survey/tableSurvey.js";

/** What the streams of a document have in common. */
export interface StreamContext {
  readonly imodel: IModelDb;
  readonly errors: SourceErrors;
  readonly report: (issue: PositionIssue) => void;
  readonly markerId: Id64String;
  /** Diameter of the markers, in metres. */
  readonly markerSize: number;
}

/**
 * Reads the rows of a table as entities. Where the survey is that of an earlier run, it surveys the rows while it reads them,
 * and gives up as soon as they do not agree with it.
 */
export class TableStream {
  private readonly _survey: TableSurvey;
  private readonly _entities: RowEntities;
  /** Undefined where the rows were surveyed before. */
  private readonly _surveyor?: Surveyor;

  public constructor(
    private readonly _class: TableClass & { plan: { survey: TableSurvey } },
    private readonly _context: StreamContext,
    private readonly _places: PlacedRows | undefined,
  ) {
    const { plan, rows: mapped, ...tableClass } = _class;
    const { table, cells, kind, survey } = plan;
    const { errors } = _context;
    this._survey = survey;
    if (survey.kept !== undefined) this._surveyor = new Surveyor(survey.header, { table, cells, errors });
    this._entities = new RowEntities({
      ..._context,
      ...tableClass,
      ...{ table, cells, header: survey.header, kind, mapped },
      positions: this._positions,
      toPoint: _places?.toPoint,
    });
  }

  /**
   * All rows, list by list.
   * @throws OutdatedFindings where they do not agree with what an earlier run has found out, or are at fault: a survey of all
   * rows names what is wrong with them
   */
  public async *read(): AsyncGenerator<readonly SourceEntity[]> {
    try {
      yield* this._read();
    } catch (error) {
      throw this._surveyor === undefined ? error : new OutdatedFindings({ cause: error });
    }
    this._entities.finish();
    this._places?.finish();
  }

  private async *_read(): AsyncGenerator<readonly SourceEntity[]> {
    const { table, filter } = this._class.plan;
    let isHeader = true;
    for await (const rows of readBatches(table, this._context.errors, filter)) {
      if (isHeader) this._checkHeader(rows);
      else {
        this._surveyRows(rows);
        yield rows.map((row) => this._entities.make(row));
      }
      isHeader = false;
    }
    this._checkFindings();
  }

  /** What the next run can rely on, once all rows are read. */
  public get toKeep(): KeptTable {
    const { header, columns } = this._survey;
    return keepTable(header, this._surveyor?.findings ?? columns, this._positions?.figures);
  }

  /**
   * How the table was read where the source leaves that open, once all rows are read.
   * @param isOneOfSeveral - whether the document has other tables
   */
  public readAs(isOneOfSeveral: boolean): string[] {
    const { table } = this._class.plan;
    const { header, columns } = this._survey;
    const texts = this._class.columns.filter(({ property }) => property.type === "string").map(({ index }) => index);
    const marks = (this._surveyor?.findings ?? columns).flatMap(({ nullMarks }, index) =>
      nullMarks.length === 0 || texts.includes(index)
        ? []
        : [`${nullMarks.join(", ")} in ${shorten(header.names[index] ?? "")}`],
    );
    const said = [...(table.readAs === undefined ? [] : [table.readAs]), ...describeMarks(marks)];
    return said.length === 0 ? [] : [`${isOneOfSeveral ? `${shorten(table.name)}: ` : ""}${said.join(", ")}`];
  }

  private get _positions(): PositionSurvey | undefined {
    const { positions } = this._survey;
    return this._surveyor?.positions ?? (positions instanceof PositionSurvey ? positions : undefined);
  }

  private _checkHeader([header]: readonly TableRow[]): void {
    const { kept } = this._survey;
    if (kept === undefined || header === undefined) return;
    const isSame =
      header.number === kept.row &&
      header.cells.length === kept.names.length &&
      header.cells.every((cell, index) => textOf(cell).trim() === kept.names[index]);
    if (!isSame) throw new OutdatedFindings();
  }

  private _surveyRows(rows: readonly TableRow[]): void {
    const { kept } = this._survey;
    if (this._surveyor === undefined || kept === undefined) return;
    for (const row of rows) this._surveyor.add(row);
    if (!coversAll(kept, this._surveyor.typesSoFar)) throw new OutdatedFindings();
  }

  /** A column that no record has any more has vanished, which the contract of the run has to know. */
  private _lacksColumn({ types: kept }: KeptTable, types: readonly unknown[]): boolean {
    if (this._class.plan.table.rowNoun !== "record") return false;
    return types.some((type, index) => type === undefined && kept[index] !== "");
  }

  private _checkFindings(): void {
    const { kept } = this._survey;
    if (this._surveyor === undefined || kept === undefined) return;
    const { findings, rowCount, positions } = this._surveyor;
    const types = findings.map(({ type }) => type);
    if (
      rowCount === 0 ||
      this._lacksColumn(kept, types) ||
      !coversAll(kept, types) ||
      !isPlacedAlike(kept, positions?.figures)
    )
      throw new OutdatedFindings();
    positions?.check();
    if (positions !== undefined) reportPositions(this._context.imodel, positions, this._context.report);
  }
}

/** So many columns are named. */
const namedColumns = 3;

function describeMarks(marks: readonly string[]): string[] {
  if (marks.length === 0) return [];
  const more = marks.length > namedColumns ? ` and ${marks.length - namedColumns} more columns` : "";
  return [`missing values: ${marks.slice(0, namedColumns).join("; ")}${more}`];
}
