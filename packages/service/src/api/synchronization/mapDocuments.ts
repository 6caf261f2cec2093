import { sql, type Transaction } from "kysely";
import type { ConnectionRow, Tables } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";

/**
 * Sees to it that the master documents of a manifest are source files of its connection. A manifest may name one that the
 * connection does not have yet; it has it from then on, unless another connection of the iModel does.
 * @param ids - those of the documents, as a list in JSON: one parameter of a statement, however many there are
 * @returns the caller's own ids of documents that the manifest names by the ids that the connection has for them
 * @throws HttpError 422
 */
export async function mapDocuments(
  transaction: Transaction<Tables>,
  connection: ConnectionRow,
  ids: string,
  code: string,
): Promise<Map<string, string>> {
  const ownIds = await readOwnIds(transaction, connection, ids);
  const mapped =
    ownIds.size === 0 ? ids : JSON.stringify((JSON.parse(ids) as string[]).map((id) => ownIds.get(id) ?? id));
  await refuseOthers(transaction, connection, mapped, code);
  await add(transaction, connection, mapped);
  return ownIds;
}

/** The caller's ids of the documents that the manifest names by the ids of their rows. */
async function readOwnIds(
  transaction: Transaction<Tables>,
  connection: ConnectionRow,
  ids: string,
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; documentId: string }>`
    SELECT id, source_file_id AS "documentId" FROM source_files
    WHERE connection_id = ${connection.id} AND source_file_id IS NOT NULL
      AND id::text IN (SELECT json_array_elements_text(${ids}::json))`.execute(transaction);
  return new Map(rows.map(({ id, documentId }) => [id, documentId]));
}

/** What an error names of the documents of other connections. */
const maxConflicts = 100;

/** @throws HttpError 422 for documents that other connections of the iModel have */
async function refuseOthers(
  transaction: Transaction<Tables>,
  { id, imodel_id: iModelId }: ConnectionRow,
  ids: string,
  code: string,
): Promise<void> {
  const { rows } = await sql<{ documentId: string }>`
    SELECT source_file_id AS "documentId" FROM source_files
    WHERE imodel_id = ${iModelId} AND connection_id <> ${id}
      AND source_file_id IN (SELECT json_array_elements_text(${ids}::json))
    LIMIT ${maxConflicts}`.execute(transaction);
  if (rows.length === 0) return;
  const others = new Set(rows.map(({ documentId }) => documentId));
  const details = (JSON.parse(ids) as string[]).flatMap((documentId, index) => {
    const message = `${documentId} is mapped by another connection of the iModel.`;
    return others.has(documentId) ? [invalidValue(`sourceFiles[${index}].id`, message)] : [];
  });
  throw unprocessable(code, details);
}

/** Those that are there already, or are added at the same time, stay as they are. */
async function add(transaction: Transaction<Tables>, { id, imodel_id: iModelId }: ConnectionRow, ids: string) {
  await sql`
    INSERT INTO source_files (id, connection_id, imodel_id, source_file_id)
    SELECT gen_random_uuid(), ${id}, ${iModelId}, value
    FROM json_array_elements_text(${ids}::json) WITH ORDINALITY AS given (value, place) ORDER BY place
    ON CONFLICT DO NOTHING`.execute(transaction);
}
