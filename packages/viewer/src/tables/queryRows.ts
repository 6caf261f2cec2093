import type { IModelDb } from "@itwin/core-backend";
import { Id64 } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { ecsqlFault } from "../elements/EcsqlBox.js";
import { queryReader, type Row } from "../elements/rows.js";
import { textOf, valueOf, type Value } from "../elements/values.js";
import { csvCells, csvLine } from "./CsvWriter.js";
import { beginCollection, GeoJsonWriter, type GeoShapes } from "./GeoJsonWriter.js";

/** A query as it is written: with the names of its columns. */
export interface Query {
  readonly names: readonly string[];
  /** Whether it only says which elements are meant. */
  readonly selectsElements: boolean;
  /** Whether the first column is the id of an element. */
  readonly hasIds: boolean;
  readonly rows: AsyncGenerator<Row>;
}

/**
 * Starts a query.
 * @throws ConnectorError `viewer/ecsql`
 */
export async function startQuery(imodel: IModelDb, ecsql: string): Promise<Query> {
  const statement = ecsql.trimEnd().replace(/;$/, "");
  if (!/^\s*(SELECT|WITH)\b/i.test(statement)) throw ecsqlFault("it does not begin with SELECT", statement);
  const reader = queryReader(imodel, statement);
  const step = async () =>
    reader.step().catch((error: unknown) => {
      throw ecsqlFault(messageOf(error), statement);
    });
  let isRow = await step();
  const columns = await reader.getMetaData();
  const [first] = columns;
  const hasIds = first?.extendedType === "Id" && /^ECInstanceId$/i.test(first.name);
  async function* rows(): AsyncGenerator<Row> {
    for (; isRow; isRow = await step()) yield reader.current.toArray() as Row;
  }
  return {
    names: columns.map(({ name }) => name),
    selectsElements: hasIds && columns.length === 1,
    hasIds,
    rows: rows(),
  };
}

/** Writes the rows of a query as they are. */
export interface QueryWriter {
  begin(names: readonly string[]): string;
  row(values: readonly Value[], names: readonly string[]): string;
  end(): string;
}

/** As comma-separated values. */
export const queryAsCsv: QueryWriter = {
  begin: (names) => csvLine(names),
  row: (values) => csvLine(csvCells(values)),
  end: () => "",
};

/** As JSON Lines. */
export const queryAsJson: QueryWriter = {
  begin: () => "",
  row: (values, names) => `${JSON.stringify(objectOf(values, names))}\n`,
  end: () => "",
};

/**
 * As GeoJSON: the first column names the element that gives the geometry.
 * @throws ConnectorError `usage/no-element-column`
 */
export function queryAsGeoJson(shapes: GeoShapes, writer: GeoJsonWriter, { hasIds }: Query): QueryWriter {
  if (!hasIds)
    throw new ConnectorError("usage/no-element-column", "The query names no elements for the features of GeoJSON.", {
      advice: "Select ECInstanceId first.",
    });
  return {
    begin: () => beginCollection(),
    row: (values, names) => {
      const id = textOf(values[0] ?? null);
      return writer.feature(id, Id64.isValidId64(id) ? shapes.of(id) : null, objectOf(values, names));
    },
    end: () => writer.end(),
  };
}

/** The values of a row, none missing. */
export function valuesOf(row: Row, { names }: Query): Value[] {
  return names.map((_, index) => valueOf(row[index], "text"));
}

function objectOf(values: readonly Value[], names: readonly string[]): object {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}
