import type { NotNull, Transaction } from "kysely";
import type { ConnectionRow, Tables } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import type { Manifest, ManifestSourceFile } from "../../platform/database/columns/Manifest.js";
import { manifestSourceFile } from "./sourceFiles.js";

/**
 * Sees to it that the master documents of a manifest are source files of its connection. A manifest may name one that the
 * connection does not have yet; it has it from then on, unless another connection of the iModel does.
 * @returns the manifest with the caller's own ids, where it named documents by the ids that the connection has for them
 * @throws HttpError 422
 */
export async function mapDocuments(
  transaction: Transaction<Tables>,
  connection: ConnectionRow,
  manifest: Manifest,
  code: string,
): Promise<Manifest> {
  const mapped = await transaction
    .selectFrom("source_files")
    .select(["id", "source_file_id as documentId", "connection_id as connectionId"])
    .where("imodel_id", "=", connection.imodel_id)
    .where("source_file_id", "is not", null)
    .$narrowType<{ documentId: NotNull }>()
    .execute();
  const ownIds = new Map(
    mapped.filter((row) => row.connectionId === connection.id).map((row) => [row.id, row.documentId]),
  );
  const sourceFiles = manifest.sourceFiles.map((file) => withId(file, ownIds.get(file.id) ?? file.id));
  const owners = new Map(mapped.map((row) => [row.documentId, row.connectionId]));
  const details = sourceFiles.flatMap(({ id }, index) => {
    const message = `${id} is mapped by another connection of the iModel.`;
    const isOthers = (owners.get(id) ?? connection.id) !== connection.id;
    return isOthers ? [invalidValue(`sourceFiles[${index}].id`, message)] : [];
  });
  if (details.length > 0) throw unprocessable(code, details);
  await add(
    transaction,
    connection,
    sourceFiles.filter(({ id }) => !owners.has(id)),
  );
  return { ...manifest, sourceFiles };
}

function withId(file: ManifestSourceFile, id: string): ManifestSourceFile {
  return { ...file, id, children: file.children.map((child) => ({ ...child, parentId: id })) };
}

async function add(
  transaction: Transaction<Tables>,
  { id, imodel_id }: ConnectionRow,
  files: ManifestSourceFile[],
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map((file) => manifestSourceFile({ sourceFileId: file.id }));
  await transaction
    .insertInto("source_files")
    .values(rows.map((row) => ({ ...row, connection_id: id, imodel_id })))
    .onConflict((conflict) => conflict.doNothing()) // added at the same time
    .execute();
}
