import type { ConnectionRow, SourceFileRow } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import type { Shown } from "./presentConnection.js";
import type { SourceFile } from "./sourceFileSchemas.js";

/** A source file, as clients see it. */
export function presentSourceFile(
  row: SourceFileRow,
  { itwin_id: iTwinId }: ConnectionRow,
  { origin, isWhole }: Shown,
): SourceFile {
  if (row.storage_file_id === null) return { id: row.id, sourceFileId: row.source_file_id ?? "" };
  const storageFileId = toLongId(iTwinId, row.storage_file_id);
  return {
    id: row.id,
    storageFileId,
    connectorType: isWhole ? (row.connector_type ?? undefined) : undefined,
    lastKnownFileName: row.last_known_file_name ?? undefined,
    _links: { file: { href: `${origin}/storage/files/${storageFileId}` } },
  };
}
