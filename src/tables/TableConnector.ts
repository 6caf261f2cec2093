import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { ConnectorError, describeLocation, messageOf } from "../ConnectorError.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import { readSchema } from "../connector/schema/readSchema.js";
import type { SchemaDescription } from "../connector/schema/SchemaDescription.js";
import { StreamConnector } from "../connector/StreamConnector.js";
import type { DefinitionsDescription } from "../connector/stream/JobDefinitions.js";
import { hashOf } from "../connector/stream/entityItem.js";
import type { SourceDocument } from "../connector/stream/SourceDocument.js";
import { OutdatedFindings } from "../sync/documents/DocumentFindings.js";
import type { FoundClasses, SourceProperty } from "../sync/documents/SourceClasses.js";
import type { MappedColumn } from "./classes/propertyMapping.js";
import type { SourceEntity } from "../connector/stream/SourceEntity.js";
import { findOrInsertMarker } from "./marker.js";
import type { GridFolder } from "../places/datum/GridFolder.js";
import { withSource } from "../places/withSource.js";
import { onceEach, placeTables, reportPositions, type PlacedRows } from "./place/placeTables.js";
import { TableSystems } from "./place/TableSystems.js";
import { importMappedSchemas } from "./mapping/domainSchemas.js";
import type { Mapping } from "./mapping/Mapping.js";
import { readMapping, type ReadMapping } from "./mapping/readMapping.js";
import { SourceErrors } from "./format/SourceErrors.js";
import { readOptions, type TableFormat, type TableOptions } from "./format/TableOptions.js";
import { describeClasses, linkClasses, makeTableClass, type TableClass } from "./classes/tableClasses.js";
import type { KnownFindings, Table, TableReader, TableRow } from "./format/TableReader.js";
import type { TablePlan } from "./plan/TablePlan.js";
import { planTables } from "./plan/tablePlans.js";
import type { PositionIssue } from "./survey/positionIssues.js";
import { PositionSurvey, type TablePositions } from "./survey/PositionSurvey.js";
import type { TableHeader } from "./survey/tableHeader.js";
import { keptTables, toKeep, type KeptTable } from "./survey/KeptTable.js";
import { findSurvey, readableTable, type SurveyedTable } from "./plan/SurveyedTable.js";
import { readRows } from "./rows/readBatches.js";
import type { RowFilter } from "./rows/RowFilter.js";
import { TableStream } from "./TableStream.js";
import type { TableSurvey } from "./survey/tableSurvey.js";
import type { OnProgress } from "./text/TextFile.js";
import { changedMeanwhile, checkDialectIsTaken, explainSchemaError, noRows } from "./documentFaults.js";
import { columnsLeftOut, tablesLeftOut, unitsLeftOut } from "./leftOut.js";

/**
 * A document of tables that a connector is asked to open.
 * @public
 */
export interface TableDocument<Options extends TableOptions = TableOptions> {
  /** The absolute path of the source file. */
  path: string;
  /** The checked options of the connector. */
  options: Options;
  /** The names of the tables that the mapping uses. A reader may leave out all others. Undefined: all tables are used. */
  tableNames?: readonly string[];
  /** The mapping, if one is given. */
  mapping?: Mapping;
  /** What the reader of the last run found out, so that it need not be found out again. Undefined: nothing is known. */
  known?: KnownFindings;
  /** Makes errors that name the document. */
  errors: SourceErrors;
  /** Reports progress. Call it each time that the document is read, with bytes or any other unit. */
  onProgress: OnProgress;
}

/** The source file, with what is known about it before it is opened. */
interface TableSource<Options> {
  readonly options: Options;
  readonly errors: SourceErrors;
  /** The state of its files on the disk. */
  readonly state: string;
  readonly mapping?: ReadMapping;
}

/**
 * A connector for documents that consist of tables. Each row becomes an element. A connector for a format only opens its
 * tables; types, names, coordinates, the schema, mappings and errors are the same for all formats.
 *
 * Tables are read as streams: once to check the table and to infer the types of its columns, and once to synchronize its
 * rows. A document that did not change since the last run is only hashed.
 *
 * All errors about the document are `ConnectorError`s whose codes begin with {@link TableFormat.code}.
 * @public
 */
export abstract class TableConnector<Options extends TableOptions = TableOptions> extends StreamConnector {
  private _packageProps?: { name: string; version: string };
  private _options?: Options;
  private _tableSource?: TableSource<Options>;
  private _reader?: TableReader;
  private _tables: SurveyedTable[] = [];
  private _classes: TableClass[] = [];
  /** The kinds of tables that have no rows now. */
  private _emptyKinds: string[] = [];
  /** The names of the tables that the mapping does not take. */
  private _ignoredTables: string[] = [];
  private _markerId?: Id64String;
  /** The grids of the folder that the job names. */
  private _grids?: GridFolder;
  /** How rows come to their places, by the table's positions. */
  private _places: ReadonlyMap<TablePositions, PlacedRows> = new Map();

  /** The names of the format, and the options that only this format has. */
  protected abstract readonly format: TableFormat;

  /**
   * Opens a document. The framework calls {@link TableReader.close} when its rows are read or the run fails.
   * @throws ConnectorError for a document that cannot be read; make it with {@link TableDocument.errors}
   */
  protected abstract openTables(document: TableDocument<Options>): Promise<TableReader>;

  /**
   * Absolute paths of all files that the document consists of. The run fails with `<code>/changed-meanwhile` if one of them
   * changes while it is read. Default: the source file.
   */
  protected async getFiles(sourcePath: string): Promise<readonly string[]> {
    return [sourcePath];
  }

  /** The name in the connector's package.json. */
  public override getApplicationId(): string {
    return this._package.name;
  }

  /** The version in the connector's package.json. Under a new version every document is read again. */
  public override getApplicationVersion(): string {
    return this._package.version;
  }

  /** The name of the format. */
  public override getConnectorName(): string {
    return this.format.name;
  }

  /**
   * Checks the options.
   * @throws ConnectorError `<code>/options`
   */
  public override initialize(params: ConnectorJobDefArgs): void {
    super.initialize(params);
    this._options = readOptions(this.format, params.argsJson, expectDefined(params.sourcePath)) as Options;
  }

  /**
   * Identifies the document by its file name, and its state by a hash of its content and its mapping.
   * @throws ConnectorError `<code>/unreadable`, `<code>/mapping`
   */
  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    const errors = new SourceErrors(this.format.code, sourcePath);
    const options = expectDefined(this._options);
    try {
      const state = await this._stateOfFiles(sourcePath);
      const document = await super.getDocument(sourcePath);
      const mapping =
        options.mapping === undefined ? undefined : await readMapping(options.mapping, sourcePath, this.format.code);
      checkDialectIsTaken(mapping, this.format);
      this._tableSource = { options, errors, state, mapping };
      return mapping === undefined ? document : { ...document, checksum: hashOf([document.checksum, mapping.mapping]) };
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      throw errors.make("unreadable", `The file cannot be read: ${messageOf(error)}`, {
        source: {},
        advice: `Name a ${this.format.name} file that you have the right to read.`,
        cause: error,
      });
    }
  }

  /** Opens the document and surveys its tables. */
  protected override async openDocument(path: string): Promise<void> {
    const onProgress: OnProgress = (done, total) => this.reportProgress(done, total);
    const { options, errors, mapping } = this._opened;
    const tableNames = mapping && namedTables(mapping.mapping);
    const kept = keptTables(this.synchronizer.findings.recall(this.documentId), this._findingsKey);
    this._reader = await this.openTables({
      path,
      options,
      tableNames,
      mapping: mapping?.mapping,
      known: kept.reader === undefined ? undefined : { findings: kept.reader, onOutdated },
      errors,
      onProgress,
    });
    const { allowUnknownDatum } = options;
    const systems = new TableSystems({ errors, allowUnknownDatum, gridFolder: this.args.grids });
    this._grids = systems.grids;
    const filters = await this._surveyTables(this._reader, { systems, errors, kept: kept.tables });
    if (this._surveys.length === 0) throw noRows(this._reader, errors, filters);
    systems.check(this._surveys);
  }

  /** @returns the filters that have left out rows */
  private async _surveyTables(
    reader: TableReader,
    {
      systems,
      errors,
      kept,
    }: { systems: TableSystems; errors: SourceErrors; kept: Readonly<Record<string, KeptTable>> },
  ): Promise<RowFilter[]> {
    const filters: RowFilter[] = [];
    for (const plan of this._planTables(reader)) {
      const table = readableTable(plan, errors);
      const survey = await findSurvey(table, { kept: kept[plan.kind], systems, errors });
      if (table.filter?.firstLeftOut !== undefined) filters.push(table.filter);
      if (survey === undefined) this._emptyKinds.push(plan.kind);
      if (survey !== undefined || plan.mapped !== undefined) this._tables.push({ ...table, survey });
    }
    return filters;
  }

  /** Imports the schemas that the mapping names. */
  public override async importDomainSchema(): Promise<void> {
    if (this._tables.length === 0) return;
    const { mapping, errors } = this._opened;
    if (mapping !== undefined) await importMappedSchemas(this.synchronizer.imodel, mapping, errors.file);
  }

  /**
   * Imports the schema of the new classes.
   * @throws ConnectorError `<code>/schema-name-taken`, `<code>/schema-refused`, `<code>/mapping`
   */
  public override async importDynamicSchema(): Promise<void> {
    try {
      await super.importDynamicSchema();
    } catch (error) {
      const { mapping, errors } = this._opened;
      const context = { errors, mapping, schemaName: this._schema, format: this.format.name };
      throw explainSchemaError(error, context);
    }
  }

  /** One schema with a class for each table, unless the mapping names only existing classes. */
  protected override async getSchemas(): Promise<SchemaDescription[]> {
    const { imodel } = this.synchronizer;
    const { _schema: name } = this;
    const known = readSchema(imodel, name, this.schemaOwner);
    const { classes: knownClasses = [], links: knownLinks = [] } = known ?? {};
    const context = {
      imodel,
      schemaName: known?.name ?? name,
      known: knownClasses,
      knownLinks: new Set(knownLinks.map((link) => link.name.toLowerCase())),
    };
    for (const table of this._tables) this._classes.push(await makeTableClass(table, context));
    const leftOut = [...columnsLeftOut(this._classes), ...unitsLeftOut(this._surveys)];
    for (const report of leftOut) this.reportNotImported(report);
    const classes = describeClasses(this._classes);
    const links = linkClasses(this._classes);
    return classes.length + links.length === 0 ? [] : [{ name: context.schemaName, classes, links }];
  }

  /** All tables and columns, because a new one is a change of the source even if no element takes it. */
  protected override findClasses(): FoundClasses {
    const filled = this._classes.flatMap(({ plan: { kind, survey }, columns }) =>
      survey === undefined ? [] : [{ name: kind, properties: toSourceProperties(survey.header, columns) }],
    );
    const others = [...this._emptyKinds, ...this._ignoredTables].map((name) => ({ name }));
    const omitsEmpty = this._reader?.tables.some(({ rowNoun }) => rowNoun === "record") ?? false;
    return { noun: "column", omitsEmpty, classes: [...filled, ...others] };
  }

  /** A category for each class with geometry, and a CodeSpec for each table whose mapping names a column of codes. */
  protected override getDefinitions(): DefinitionsDescription {
    const names = new Set(this._classes.filter(({ is3d }) => is3d).map(({ category }) => category));
    const coded = this._classes.filter(({ plan }) => plan.mapped?.mapping.code !== undefined);
    return {
      categories: [...names].map((name) => ({ name, color: "steelblue" })),
      codeSpecs: coded.map(({ classFullName }) => ({ name: classFullName })),
      modelNames: { physical: "Rows" },
    };
  }

  /** Writes the marker, and places an iModel that has no place on the Earth yet. */
  protected override async writeDefinitions(): Promise<void> {
    const { imodel } = this.synchronizer;
    this._markerId = findOrInsertMarker(imodel, this.modelId("definition"), this._opened.options.markerSize);
    const positions = this._surveys.flatMap((survey) => survey.positions ?? []);
    const report = onceEach((issue) => this._reportPlaces(issue));
    for (const each of positions) if (each instanceof PositionSurvey) reportPositions(imodel, each, report);
    const context = { grids: this._grids, report };
    this._places = withSource({ file: this.args.sourcePath }, () => placeTables(imodel, positions, context));
  }

  /** An entity for each row, table by table. */
  protected override async *readEntities(): AsyncGenerator<readonly SourceEntity[]> {
    const { errors, options, state } = this._opened;
    const { synchronizer, documentId, surroundings } = this;
    const [markerId, report] = [expectDefined(this._markerId), onceEach((issue) => this._reportPlaces(issue))];
    const { markerSize } = options;
    const context = { synchronizer, documentId, surroundings, errors, report, markerId, markerSize };
    const kept = new Map<string, KeptTable>();
    for (const tableClass of this._classes) {
      if (!isSurveyed(tableClass)) continue;
      const { plan } = tableClass;
      const { positions } = plan.survey;
      const stream = new TableStream(tableClass, context, positions && this._places.get(positions));
      yield* stream.read();
      kept.set(plan.kind, stream.toKeep);
      this.synchronizer.statistics.readAs.push(...stream.readAs(this._tables.length > 1));
      this._reportFiltered(plan);
    }
    if ((await this._stateOfFiles(errors.file)) !== state) throw changedMeanwhile(errors);
    synchronizer.findings.keep(documentId, toKeep(this._findingsKey, kept, this._reader?.findings));
  }

  /** Of all that decides beside the document about what is found out in it. */
  private get _findingsKey(): string {
    const { mapping } = this._opened;
    return hashOf([this.args.argsJson, mapping?.mapping, this._package.version]);
  }

  private _reportFiltered({ table, filter }: SurveyedTable): void {
    if (filter?.firstLeftOut === undefined) return;
    const example = describeLocation(table.locate(filter.firstLeftOut.number));
    const reason = 'the option or the mapping leaves it out with "where"';
    this.reportNotImported({ what: "row", reason, example, count: filter.leftOut, isLoss: false });
  }

  /**
   * The rows of a table that `where` lets pass, in lists, once the document is open. Undefined where all rows are read.
   */
  protected filteredRows(table: Table): AsyncGenerator<readonly TableRow[]> | undefined {
    const filter = this._tables.find((each) => each.table === table)?.filter;
    return filter && readRows(table, this._opened.errors, filter);
  }

  /** Closes the tables. */
  protected override async closeDocument(): Promise<void> {
    await this._reader?.close?.();
  }

  private _planTables(reader: TableReader): TablePlan[] {
    const { options, errors, mapping } = this._opened;
    const { units } = (this.args.argsJson ?? {}) as Partial<TableOptions>;
    const plans = planTables(reader, { options, errors, mapping, hasUnits: units !== undefined });
    const planned = new Set(plans.map(({ table }) => table));
    this._ignoredTables = reader.tables.filter((table) => !planned.has(table)).map(({ name }) => name);
    const leftOut = [...(reader.notImported ?? []), ...tablesLeftOut(this._ignoredTables, mapping?.mapping)];
    for (const report of leftOut) this.reportNotImported(report);
    return plans;
  }

  /** A key has the scope of the format unless it has one of its own. */
  private _reportPlaces({ key, message }: PositionIssue): void {
    const code = key.includes("/") ? key : `${this.format.code}/${key}`;
    this.synchronizer.statistics.report({ code, message });
  }

  private async _stateOfFiles(sourcePath: string): Promise<string> {
    const files = await this.getFiles(sourcePath);
    return (await Promise.all(files.map(stateOf))).join(" ");
  }

  /** The source, from `getDocument` on. */
  private get _opened(): TableSource<Options> {
    return expectDefined(this._tableSource);
  }

  private get _surveys(): TableSurvey[] {
    return this._tables.flatMap(({ survey }) => survey ?? []);
  }

  /** The name of the schema of the new classes. */
  private get _schema(): string {
    const { mapping, options } = this._opened;
    return mapping?.mapping.schema ?? options.schemaName;
  }

  private get _package(): { name: string; version: string } {
    this._packageProps ??= JSON.parse(readFileSync(this.format.packageJson, "utf8")) as {
      name: string;
      version: string;
    };
    return this._packageProps;
  }
}

/** A class whose table has rows. */
function isSurveyed(tableClass: TableClass): tableClass is TableClass & { plan: { survey: TableSurvey } } {
  return tableClass.plan.survey !== undefined;
}

/** The type of a column that no property holds does not count. */
function toSourceProperties({ names }: TableHeader, columns: readonly MappedColumn[]): SourceProperty[] {
  const types = new Map(columns.map(({ index, property }) => [index, property.type]));
  return names.map((name, index) => ({ name, type: types.get(index) })).filter(({ name }) => name !== "");
}

function onOutdated(): never {
  throw new OutdatedFindings();
}

/** The tables that a mapping names; undefined where the others are brought in too. */
function namedTables({ otherTables, tables }: Mapping): string[] | undefined {
  return otherTables === "infer" ? undefined : Object.keys(tables);
}

/** What changes when a file is written. */
async function stateOf(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return [size, mtimeNs, ino].join();
}
