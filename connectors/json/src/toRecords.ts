import { counted, RecordFault, unusedName, type JsonRecords } from "itwin-connector-framework/internal";
import type { SourceRecord } from "itwin-connector-framework/tables";
import type { Layout, Shape } from "./shapes.js";

type Fields = Readonly<Record<string, unknown>>;

/** Makes records of what was cut, in the order of the file. */
export type ToRecords = (found: JsonRecords) => readonly SourceRecord[];

/**
 * How records are made of what stands in a file.
 * @param keyColumn - the column of the keys, in an object of records
 */
export function recordMaker({ shape, path }: Layout, keyColumn: string): ToRecords {
  const makers: Readonly<Record<Shape, () => ToRecords>> = {
    list: () => listMaker(path),
    lines: () => listMaker(path),
    single: () => listMaker(""),
    keyed: () => (found) => listMaker("")(found).map((record) => withKey(record, found.key, keyColumn)),
    arrays: arrayMaker,
    columns: () => columnRecords,
    split: () => splitRecords,
  };
  return makers[shape]();
}

/** @param path - that of the one list that is used, which needs no name then */
function listMaker(path: string | undefined): ToRecords {
  return (found) => {
    const table = path === undefined ? found.path : "";
    return found.records.map(({ value, line }) => ({ table, line, fields: value as Fields }));
  };
}

function withKey({ line, fields }: SourceRecord, key: string, keyColumn: string): SourceRecord {
  if (Object.hasOwn(fields, keyColumn))
    throw faultAt(
      line,
      "duplicate-key",
      `The records have a member "${keyColumn}", which is the column of their keys.`,
    );
  return { table: "", line, fields: { [keyColumn]: key, ...fields } };
}

/** The first list names the columns. */
function arrayMaker(): ToRecords {
  let names: readonly string[] | undefined;
  return ({ records }) => {
    const rows = names === undefined ? records.slice(1) : records;
    const header = (names ??= namesOf(records[0]));
    return rows.map(({ value, line }) => ({ table: "", line, fields: zip(header, value as unknown[], line) }));
  };
}

function namesOf(first: JsonRecords["records"][number] | undefined): readonly string[] {
  const names: unknown = first?.value;
  const areNames =
    Array.isArray(names) && names.every((name) => typeof name === "string") && new Set(names).size === names.length;
  if (areNames) return names;
  throw faultAt(
    first?.line,
    "no-header",
    "The first list is data: it has to hold the names of the columns, all different.",
  );
}

function zip(names: readonly string[], values: unknown[], line: number): Fields {
  if (values.length !== names.length)
    throw faultAt(
      line,
      "ragged-row",
      `The list has ${counted(values.length, "item")}, and the first one has ${names.length}.`,
    );
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** The records of an object that has a list for each column. */
function columnRecords({ records }: JsonRecords): readonly SourceRecord[] {
  return records.flatMap(({ value, line }) => {
    const columns = Object.entries(value);
    const count = (columns[0]?.[1] as unknown[] | undefined)?.length ?? 0;
    for (const [name, items] of columns)
      if (!Array.isArray(items) || items.length !== count)
        throw faultAt(
          line,
          "ragged-columns",
          `"${name.slice(0, 40)}" is no list of ${counted(count, "item")}, as the first column is.`,
        );
    return Array.from({ length: count }, (_, index) => ({
      table: "",
      line,
      fields: Object.fromEntries(columns.map(([name, items]) => [name, (items as unknown[])[index]])),
    }));
  });
}

/** The records of an object with the names of columns, rows and, beside them, the labels of the rows. */
function splitRecords({ records }: JsonRecords): readonly SourceRecord[] {
  return records.flatMap(({ value, line }) => {
    const { columns, index, data, index_names: indexNames } = value as Record<string, unknown>;
    const names = namesOf({ value: columns as object, line });
    const rows = listIn(data, "data", line);
    const labels = index === undefined ? undefined : listIn(index, "index", line, rows.length);
    const label = unusedName(Array.isArray(indexNames) ? String(indexNames[0] ?? "index") : "index", names);
    return rows.map((row, number) => {
      const cells = listIn(row, `data.${number}`, line, names.length);
      const fields = Object.fromEntries(names.map((name, column) => [name, cells[column]]));
      return { table: "", line, fields: labels === undefined ? fields : { [label]: labels[number], ...fields } };
    });
  });
}

function listIn(value: unknown, path: string, line: number, count?: number): readonly unknown[] {
  if (Array.isArray(value) && (count ?? value.length) === value.length) return value as unknown[];
  const wanted = count === undefined ? "" : ` of ${counted(count, "item")}`;
  throw faultAt(line, "ragged-row", `"${path}" is no list${wanted}, as the others tell.`);
}

function faultAt(line: number | undefined, key: string, message: string): RecordFault {
  return Object.assign(new RecordFault(key, message), { line });
}
