import type { StorageItem } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import type { FileModel, FolderModel } from "./itemSchemas.js";

/** The id of an item, as clients know it. */
export function longIdOf({ itwin_id, id }: Pick<StorageItem, "itwin_id" | "id">): string {
  return toLongId(itwin_id, id);
}

/** The URL of a folder. */
export function folderUrl(origin: string, folder: Pick<StorageItem, "itwin_id" | "id">): string {
  return `${origin}/storage/folders/${longIdOf(folder)}`;
}

/** A folder, as clients see it. */
export function presentFolder(item: StorageItem, path: string, origin: string): FolderModel {
  return { type: "folder", ...toShared(item, path, origin) };
}

/** A file, as clients see it. */
export function presentFile(item: StorageItem, path: string, origin: string): FileModel {
  return { type: "file", ...toShared(item, path, origin), size: item.size ?? 0 };
}

/** A file or a folder, as clients see it. */
export function presentItem(item: StorageItem, path: string, origin: string): FileModel | FolderModel {
  return item.kind === "file" ? presentFile(item, path, origin) : presentFolder(item, path, origin);
}

function toShared(item: StorageItem, path: string, origin: string) {
  const member = (subject: string) => ({
    href: `${origin}/accesscontrol/itwins/${item.itwin_id}/members/${encodeURIComponent(subject)}`,
  });
  const parent = item.id === item.itwin_id ? undefined : { itwin_id: item.itwin_id, id: item.parent_id };
  return {
    id: longIdOf(item),
    displayName: item.display_name,
    description: item.description,
    path,
    lastModifiedByDisplayName: item.modified_by_name,
    createdDateTime: item.created_at.toISOString(),
    lastModifiedDateTime: item.modified_at.toISOString(),
    parentFolderId: parent && longIdOf(parent),
    _links: {
      createdBy: member(item.created_by),
      lastModifiedBy: member(item.modified_by),
      parentFolder: parent && { href: folderUrl(origin, parent) },
    },
  };
}
