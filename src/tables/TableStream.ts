import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { counted } from "../counted.js";
import { OutdatedFindings } from "../sync/documents/DocumentFindings.js";
import type { SourceEntity } from "../connector/stream/SourceEntity.js";
import { hashOf } from "../connector/stream/entityItem.js";
import type { Synchronizer } from "../sync/Synchronizer.js";
import { TableBlocks, type RowBlock } from "./blocks/TableBlocks.js";
import { textOf } from "./cells/columnTypes.js";
import { isNullMark } from "./cells/nullMarks.js";
import type { TableClass } from "./classes/tableClasses.js";
import { shorten, type SourceErrors } from "./format/SourceErrors.js";
import type { TableRow } from "./format/TableReader.js";
import { reportPositions, type PlacedRows } from "./place/placeTables.js";
import { RowEntities } from "./RowEntities.js";
import { readBatches } from "./rows/readBatches.js";
import { idOf } from "./rows/rowIds.js";
import { coversAll, isPlacedAlike, keepTable, type KeptTable } from "./survey/KeptTable.js";
import type { PositionIssue } from "./survey/positionIssues.js";
import { PositionSurvey } from "./survey/PositionSurvey.js";
import { Surveyor } from "./survey/Surveyor.js";
import type { TableSurvey } from "./survey/tableSurvey.js";

/** What the streams of a document have in common. */
export interface StreamContext {
  readonly synchronizer: Synchronizer;
  /** The RepositoryLink of the document, the scope of its rows. */
  readonly documentId: Id64String;
  /** A hash of what decides beside the source about what becomes of a row. */
  readonly surroundings: string;
  readonly errors: SourceErrors;
  readonly report: (issue: PositionIssue) => void;
  readonly markerId: Id64String;
  /** Diameter of the markers, in metres. */
  readonly markerSize: number;
}

/**
 * Reads the rows of a table as entities. Where the survey is that of an earlier run, it surveys the rows while it reads them,
 * and gives up as soon as they do not agree with it. Rows in blocks that the last run has kept are not surveyed again, and no
 * entities are made of them: it is enough that the iModel knows their identifiers.
 */
export class TableStream {
  private readonly _survey: TableSurvey;
  private readonly _entities: RowEntities;
  /** Undefined where the rows were surveyed before. */
  private readonly _surveyor?: Surveyor;
  /** Undefined where an entity depends on others. */
  private readonly _blocks?: TableBlocks;
  /** The columns whose cells stay texts, in which nothing stands for a missing value. */
  private readonly _textColumns: ReadonlySet<number>;

  public constructor(
    private readonly _class: TableClass & { plan: { survey: TableSurvey } },
    private readonly _context: StreamContext,
    private readonly _places: PlacedRows | undefined,
  ) {
    const { plan, rows: mapped, ...tableClass } = _class;
    const { table, cells, kind, survey } = plan;
    const { errors } = _context;
    this._survey = survey;
    const texts = _class.columns.filter(({ property }) => property.type === "string");
    this._textColumns = new Set(texts.map(({ index }) => index));
    const blocks = this._keptBlocks;
    if (survey.kept !== undefined)
      this._surveyor = new Surveyor(survey.header, { table, cells, errors }, blocks?.decimals);
    this._entities = new RowEntities({
      ..._context,
      ...tableClass,
      ...{ table, cells, header: survey.header, kind, mapped },
      positions: this._positions,
      toPoint: _places?.toPoint,
    });
    if (mapped?.hasReferences === true) return;
    const key = hashOf([_context.surroundings, this._entities.key]);
    this._blocks = new TableBlocks(expectDefined(survey.header.idColumns.at(-1)), key, blocks);
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
      else if (this._blocks === undefined) yield this._makeAll(rows);
      else yield* this._readBlocks(this._blocks.cut(rows));
      isHeader = false;
    }
    if (this._blocks !== undefined) yield* this._readBlocks(this._blocks.end());
    this._checkFindings();
  }

  private *_readBlocks(blocks: Iterable<RowBlock>): Generator<readonly SourceEntity[]> {
    for (const block of blocks) {
      if (block.isKnown) this._passOver(block.rows);
      else yield this._makeAll(block.rows);
      if (block.isKnown || !block.rows.some((row) => this._hasMark(row))) this._blocks?.keep(block);
    }
  }

  private _makeAll(rows: readonly TableRow[]): SourceEntity[] {
    this._surveyRows(rows);
    return rows.map((row) => this._entities.make(row));
  }

  /** @throws OutdatedFindings where the iModel does not hold the rows as the last run has left them, or they are repeated */
  private _passOver(rows: readonly TableRow[]): void {
    const { synchronizer, documentId } = this._context;
    const { kind } = this._class.plan;
    for (const row of rows) {
      this._surveyor?.addKnown(row);
      this._entities.passOver(row);
    }
    const ids = rows.map((row) => idOf(row, this._survey.header.idColumns));
    if (!synchronizer.keepUnchanged(documentId, kind, ids)) throw new OutdatedFindings();
  }

  /** Whether a row says in words that a value is missing, which the result of each run names. */
  private _hasMark({ cells }: TableRow): boolean {
    return cells.some((cell, index) => isNullMark(cell) && !this._textColumns.has(index));
  }

  /** What the last run has kept of the rows, if nothing has changed the iModel's state of the document since. */
  private get _keptBlocks(): KeptTable["blocks"] {
    const { synchronizer, documentId } = this._context;
    const { blocks } = this._survey.kept ?? {};
    return blocks !== undefined && synchronizer.findings.areOfLastRun(documentId) ? blocks : undefined;
  }

  /** What the next run can rely on, once all rows are read. */
  public get toKeep(): KeptTable {
    const { header, columns: surveyed } = this._survey;
    const columns = this._surveyor?.findings ?? surveyed;
    const kept = keepTable(header, columns, { positions: this._positions?.figures, blocks: this._blocks?.toKeep });
    return this._surveyor?.hasKnownRows === true ? { ...kept, types: this._survey.kept?.types ?? [] } : kept;
  }

  /**
   * How the table was read where the source leaves that open, once all rows are read.
   * @param isOneOfSeveral - whether the document has other tables
   */
  public readAs(isOneOfSeveral: boolean): string[] {
    const { table } = this._class.plan;
    const { header, columns } = this._survey;
    const marks = (this._surveyor?.findings ?? columns).flatMap(({ nullMarks }, index) =>
      nullMarks.length === 0 || this._textColumns.has(index)
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
    for (const row of rows) {
      this._surveyor.add(row);
      if (this._surveyor.hasKnownRows && this._isSeen(row)) throw new OutdatedFindings();
    }
    if (!coversAll(kept, this._surveyor.typesSoFar)) throw new OutdatedFindings();
  }

  /** Whether a row has the identifier of one that was passed over. */
  private _isSeen(row: TableRow): boolean {
    const { synchronizer, documentId } = this._context;
    const id = idOf(row, this._survey.header.idColumns);
    return synchronizer.findItem(documentId, this._class.plan.kind, id)?.isSeen === true;
  }

  /** A column that no record has any more has vanished, which the contract of the run has to know. */
  private _lacksColumn({ types: kept }: KeptTable, types: readonly unknown[]): boolean {
    if (this._class.plan.table.rowNoun !== "record") return false;
    const isFilled = (index: number) => this._surveyor?.isFilled(index) === true;
    return types.some((type, index) => type === undefined && kept[index] !== "" && !isFilled(index));
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
    if (positions !== undefined) reportPositions(this._context.synchronizer.imodel, positions, this._context.report);
  }
}

/** So many columns are named. */
const namedColumns = 3;

function describeMarks(marks: readonly string[]): string[] {
  if (marks.length === 0) return [];
  const more = marks.length > namedColumns ? ` and ${counted(marks.length - namedColumns, "more column")}` : "";
  return [`missing values: ${marks.slice(0, namedColumns).join("; ")}${more}`];
}
