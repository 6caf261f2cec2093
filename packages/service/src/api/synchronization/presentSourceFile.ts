import type { ConnectionRow, SourceFileRow } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import { connectionUrl, type Shown } from "./presentConnection.js";
import type { SourceFile } from "./sourceFileSchemas.js";

/** A source file, as clients see it. */
export function presentSourceFile(
  row: SourceFileRow,
  connection: ConnectionRow,
  { origin, isWhole }: Shown,
): SourceFile {
  if (row.storage_file_id === null) {
    const href = `${connectionUrl(origin, connection)}/sourcefiles/${row.id}`; // the document is not in the storage
    return { id: row.id, sourceFileId: row.source_file_id ?? "", _links: { file: { href } } };
  }
  const storageFileId = toLongId(connection.itwin_id, row.storage_file_id);
  return {
    id: row.id,
    storageFileId,
    connectorType: isWhole ? (row.connector_type ?? undefined) : undefined,
    lastKnownFileName: row.last_known_file_name ?? undefined,
    _links: { file: { href: `${origin}/storage/files/${storageFileId}` } },
  };
}
