import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import { readSchema } from "../connector/schema/readSchema.js";
import type { SchemaDescription } from "../connector/schema/SchemaDescription.js";
import { StreamConnector } from "../connector/StreamConnector.js";
import type { DefinitionsDescription } from "../connector/stream/JobDefinitions.js";
import { hashOf } from "../connector/stream/entityItem.js";
import type { SourceDocument } from "../connector/stream/SourceDocument.js";
import type { SourceEntity } from "../connector/stream/SourceEntity.js";
import { findOrInsertMarker } from "./marker.js";
import { georeference } from "./placement.js";
import { importMappedSchemas } from "./mapping/domainSchemas.js";
import type { Mapping } from "./mapping/Mapping.js";
import { readMapping, type ReadMapping } from "./mapping/readMapping.js";
import { RowEntities } from "./RowEntities.js";
import { shorten, SourceErrors } from "./format/SourceErrors.js";
import { readOptions, type TableFormat, type TableOptions } from "./format/TableOptions.js";
import {
  describeClasses,
  linkClasses,
  makeTableClass,
  type SurveyedTable,
  type TableClass,
} from "./classes/tableClasses.js";
import type { TableReader } from "./format/TableReader.js";
import { planTables } from "./plan/tablePlans.js";
import { surveyTable, type TableSurvey } from "./survey/tableSurvey.js";
import type { OnProgress } from "./text/TextFile.js";

/**
 * What is needed to open a document of tables.
 * @beta
 */
export interface TableDocument<Options extends TableOptions = TableOptions> {
  /** Absolute path. */
  path: string;
  options: Options;
  /** The tables that the mapping names; undefined for all. */
  tableNames?: readonly string[];
  /** Makes errors about the document. */
  errors: SourceErrors;
  /** To be told how far the reading of the document is, each time that it is read. */
  onProgress: OnProgress;
}

/**
 * A connector for documents that consist of tables: an element for each row. A connector for a format only says how to
 * read its tables; types, names, coordinates, schema and errors are the same for all of them.
 *
 * A table is read as a stream, never as a whole: once to check it and to find the types of its columns, and once to
 * synchronize its rows. A document that did not change is only hashed.
 * @beta
 */
export abstract class TableConnector<Options extends TableOptions = TableOptions> extends StreamConnector {
  private _packageProps?: { name: string; version: string };
  private _options!: Options;
  private _errors!: SourceErrors;
  private _state!: string;
  private _reader?: TableReader;
  private _mapping?: ReadMapping;
  private _tables: SurveyedTable[] = [];
  private _classes: TableClass[] = [];
  private _markerId!: string;

  /** What the format is called, and which options it has of its own. */
  protected abstract readonly format: TableFormat;

  /** Opens a document. */
  protected abstract openTables(document: TableDocument<Options>): Promise<TableReader>;

  /** The files that a document consists of. Default: the source file. */
  protected async getFiles(sourcePath: string): Promise<readonly string[]> {
    return [sourcePath];
  }

  public override getApplicationId(): string {
    return this._package.name;
  }

  public override getApplicationVersion(): string {
    return this._package.version;
  }

  public override getConnectorName(): string {
    return this.format.name;
  }

  public override initialize(params: ConnectorJobDefArgs): void {
    super.initialize(params);
    this._options = readOptions(this.format, params.argsJson, params.sourcePath!) as Options;
  }

  protected override async getDocument(sourcePath: string): Promise<SourceDocument> {
    this._errors = new SourceErrors(this.format.code, sourcePath);
    try {
      this._state = await this._stateOfFiles(sourcePath);
      return await this._withMapping(await super.getDocument(sourcePath), sourcePath);
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      throw this._errors.make("unreadable", `The file cannot be read: ${messageOf(error)}`, {
        source: {},
        advice: `Name a ${this.format.name} file that you have the right to read.`,
        cause: error,
      });
    }
  }

  protected override async openDocument(path: string): Promise<void> {
    const onProgress: OnProgress = (done, total) => this.reportProgress(done, total);
    const { _options: options, _errors: errors, _mapping: mapping } = this;
    const tableNames = mapping && namedTables(mapping.mapping);
    this._reader = await this.openTables({ path, options, tableNames, errors, onProgress });
    for (const plan of planTables(this._reader, { options, errors, mapping })) {
      const survey = await surveyTable(plan.table, plan.roles, errors);
      const hasRows = survey !== undefined && survey.rowCount > 0;
      if (hasRows || plan.mapping !== undefined) this._tables.push({ ...plan, survey: hasRows ? survey : undefined });
    }
    if (this._surveys.length === 0) throw noRows(this._reader, errors);
  }

  public override async importDomainSchema(): Promise<void> {
    if (this._mapping === undefined || this._tables.length === 0) return;
    await importMappedSchemas(this.synchronizer.imodel, this._mapping, this._errors.file);
  }

  public override async importDynamicSchema(): Promise<void> {
    try {
      await super.importDynamicSchema();
    } catch (error) {
      throw this._explainSchemaError(error);
    }
  }

  protected override async getSchemas(): Promise<SchemaDescription[]> {
    const { imodel } = this.synchronizer;
    const { _schema: name } = this;
    const known = readSchema(imodel, name, this.schemaOwner);
    const context = { imodel, schemaName: known?.name ?? name, known: known?.classes ?? [] };
    for (const table of this._tables) this._classes.push(await makeTableClass(table, context));
    const classes = describeClasses(this._classes);
    const links = linkClasses(this._classes);
    return classes.length + links.length === 0 ? [] : [{ name: context.schemaName, classes, links }];
  }

  protected override getDefinitions(): DefinitionsDescription {
    const names = new Set(this._classes.filter(({ is3d }) => is3d).map(({ category }) => category));
    const coded = this._classes.filter(({ plan }) => plan.mapping?.code !== undefined);
    return {
      categories: [...names].map((name) => ({ name, color: "steelblue" })),
      codeSpecs: coded.map(({ classFullName }) => ({ name: classFullName })),
      modelNames: { physical: "Rows" },
    };
  }

  protected override async writeDefinitions(): Promise<void> {
    const { imodel } = this.synchronizer;
    this._markerId = findOrInsertMarker(imodel, this.modelId("definition"), this._options.markerSize);
    georeference(imodel, this._surveys);
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    const { imodel } = this.synchronizer;
    const { _errors: errors, _markerId: markerId } = this;
    for (const { plan, rows: mapped, ...tableClass } of this._classes) {
      const { table, kind, survey } = plan;
      if (survey === undefined) continue;
      const { header } = survey;
      const codeSpec = tableClass.classFullName;
      const { markerSize } = this._options;
      yield* new RowEntities({
        ...{ imodel, table, errors, header, kind, mapped, codeSpec, markerId, markerSize },
        ...tableClass,
      }).read();
    }
    if ((await this._stateOfFiles(this._errors.file)) !== this._state) throw this._changedMeanwhile();
  }

  protected override async closeDocument(): Promise<void> {
    await this._reader?.close?.();
  }

  private async _stateOfFiles(sourcePath: string): Promise<string> {
    const states: string[] = [];
    for (const file of await this.getFiles(sourcePath)) states.push(await stateOf(file));
    return states.join(" ");
  }

  private get _surveys(): TableSurvey[] {
    return this._tables.flatMap(({ survey }) => survey ?? []);
  }

  /** The name of the schema of the new classes. */
  private get _schema(): string {
    return this._mapping?.mapping.schema ?? this._options.schemaName;
  }

  /** A document is read again when its mapping has changed. */
  private async _withMapping(document: SourceDocument, sourcePath: string): Promise<SourceDocument> {
    const { mapping } = this._options;
    if (mapping === undefined) return document;
    this._mapping = await readMapping(mapping, sourcePath, this.format.code);
    return { ...document, checksum: hashOf([document.checksum, this._mapping.mapping]) };
  }

  private get _package(): { name: string; version: string } {
    this._packageProps ??= JSON.parse(readFileSync(this.format.packageJson, "utf8")) as {
      name: string;
      version: string;
    };
    return this._packageProps;
  }

  private _explainSchemaError(error: unknown): unknown {
    if (!(error instanceof ConnectorError) || !error.code.startsWith("schema/")) return error;
    if (this._mapping !== undefined) return explainMappedSchema(this._mapping, error);
    const { _schema: schemaName } = this;
    const rename = 'Choose another name with the option "schemaName"';
    if (error.code === "schema/name-taken")
      return this._errors.make(
        "schema-name-taken",
        `The iModel has a schema ${schemaName} that does not come from ${this.format.name} files.`,
        { cause: error, advice: `${rename}.` },
      );
    const advice = `${rename}, or leave out columns that nobody needs.`;
    return this._errors.make("schema-refused", error.message, { cause: error, advice });
  }

  private _changedMeanwhile(): Error {
    return this._errors.make("changed-meanwhile", "The file was changed while it was read.", {
      source: {},
      recovery: "retriable",
      advice: "Start again when the program that writes it has finished.",
    });
  }
}

/** The tables that a mapping names; undefined where the others are brought in too. */
function namedTables({ otherTables, tables }: Mapping): string[] | undefined {
  return otherTables === "infer" ? undefined : Object.keys(tables);
}

/** The schema is that of the mapping, and so are the names and types in it. */
function explainMappedSchema({ mapping, place }: ReadMapping, { code, message, cause }: ConnectorError): Error {
  const isTaken = code === "schema/name-taken" && mapping.schema !== undefined;
  return place.at(isTaken ? "schema" : "tables").wrong(message.replace(/\.$/, ""), {
    advice: isTaken ? "Choose another name for it." : "Choose other names of properties, classes or the schema.",
    cause,
  });
}

/** What changes when a file is written. */
async function stateOf(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return [size, mtimeNs, ino].join();
}

function noRows({ tables: [first, ...others] }: TableReader, errors: SourceErrors): Error {
  const hasOne = first !== undefined && !first.isText && others.length === 0;
  const what = hasOne && first.rowNoun === "row" ? `table ${shorten(first.name)}` : "file";
  return errors.make("no-rows", `The ${what} has a header but no rows.`, {
    source: hasOne ? first.locate(1) : {},
    advice: "Export the file anew if it was cut off; to be rid of all rows, delete the iModel instead.",
  });
}
