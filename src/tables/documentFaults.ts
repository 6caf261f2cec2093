import { ConnectorError } from "../ConnectorError.js";
import { shorten, type SourceErrors } from "./format/SourceErrors.js";
import type { TableFormat } from "./format/TableOptions.js";
import type { TableReader } from "./format/TableReader.js";
import { unknownInWhere, type RowFilter } from "./rows/RowFilter.js";
import type { ReadMapping } from "./mapping/readMapping.js";

/** What an error of a schema is explained with. */
interface SchemaContext {
  errors: SourceErrors;
  mapping: ReadMapping | undefined;
  /** The name of the schema. */
  schemaName: string;
  /** The name of the format. */
  format: string;
}

export function changedMeanwhile(errors: SourceErrors): Error {
  return errors.make("changed-meanwhile", "The file was changed while it was read.", {
    source: {},
    recovery: "retriable",
    advice: "Start again when the program that writes it has finished.",
  });
}

/** Refuses the dialect of a mapping for a format that has none. */
export function checkDialectIsTaken(mapping: ReadMapping | undefined, { name, options = {} }: TableFormat): void {
  if (mapping?.mapping.dialect === undefined || Object.hasOwn(options, "dialect")) return;
  throw mapping.place.at("dialect").wrong(`${name} has no dialects`, { advice: "Leave it out." });
}

/** An error of the import of a schema, in the words of whoever named it: the mapping, or the options. */
export function explainSchemaError(error: unknown, { errors, mapping, schemaName, format }: SchemaContext): unknown {
  if (!(error instanceof ConnectorError) || !error.code.startsWith("schema/")) return error;
  if (mapping !== undefined) return explainMappedSchema(mapping, error);
  const rename = 'Choose another name with the option "schemaName"';
  if (error.code === "schema/name-taken")
    return errors.make(
      "schema-name-taken",
      `The iModel has a schema ${schemaName} that does not come from ${format} files.`,
      { cause: error, advice: `${rename}.` },
    );
  const advice = `${rename}, or leave out columns that nobody needs.`;
  return errors.make("schema-refused", error.message, { cause: error, advice });
}

/** The schema is that of the mapping, and so are the names and types in it. */
function explainMappedSchema({ mapping, place }: ReadMapping, { code, message, cause }: ConnectorError): Error {
  const isTaken = code === "schema/name-taken" && mapping.schema !== undefined;
  return place.at(isTaken ? "schema" : "tables").wrong(message.replace(/\.$/, ""), {
    advice: isTaken ? "Choose another name for it." : "Choose other names of properties, classes or the schema.",
    cause,
  });
}

/**
 * The error of a document without any row.
 * @param filters - those that have left out rows
 */
export function noRows(
  { tables: [first, ...others] }: TableReader,
  errors: SourceErrors,
  filters: readonly RowFilter[],
): Error {
  for (const { missing } of filters)
    if (missing !== undefined) return unknownInWhere(missing.column, missing.names, { errors, source: {} });
  if (filters.length > 0)
    return errors.make("no-rows", 'No row fulfils the conditions of "where".', {
      source: {},
      advice: "Correct the conditions; to be rid of all rows, delete the iModel instead.",
    });
  const hasOne = first !== undefined && !first.isText && others.length === 0;
  const what = hasOne && first.rowNoun === "row" ? `table ${shorten(first.name)}` : "file";
  return errors.make("no-rows", `The ${what} has a header but no rows.`, {
    source: hasOne ? first.locate(0) : {},
    advice: "Export the file again if it was cut off; to be rid of all rows, delete the iModel instead.",
  });
}
