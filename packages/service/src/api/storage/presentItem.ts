import { Type, type Static } from "typebox";
import type { StorageItem } from "../../platform/database/tables.js";
import { Link, PagingLinks } from "../../platform/http/paging.js";
import { toLongId } from "../../platform/ids.js";

const shared = {
  id: Type.String(),
  displayName: Type.String(),
  description: Type.Union([Type.String(), Type.Null()]),
  path: Type.String({ description: "The names from the root, joined by /." }),
  lastModifiedByDisplayName: Type.String(),
  createdDateTime: Type.String({ format: "date-time" }),
  lastModifiedDateTime: Type.String({ format: "date-time" }),
  parentFolderId: Type.Optional(Type.String({ description: "Absent in a root folder." })),
  _links: Type.Object({ createdBy: Link, lastModifiedBy: Link, parentFolder: Type.Optional(Link) }),
};

/** A folder, as clients see it. */
export const Folder = Type.Object({ type: Type.Literal("folder"), ...shared }, { title: "Folder" });

/** A file, as clients see it. */
export const File = Type.Object(
  {
    type: Type.Literal("file"),
    ...shared,
    size: Type.Integer({ description: "In bytes." }),
  },
  { title: "File" },
);

export const FolderAnswer = Type.Object({ folder: Folder });
export const FileAnswer = Type.Object({ file: File });
export const FoldersAnswer = Type.Object({ folders: Type.Array(Folder), _links: PagingLinks });
export const FilesAnswer = Type.Object({ files: Type.Array(File), _links: PagingLinks });
export const ItemsAnswer = Type.Object({ items: Type.Array(Type.Union([Folder, File])), _links: PagingLinks });

/** The top level of an iTwin, with a link to its root folder. */
export const TopLevelAnswer = Type.Object({
  items: ItemsAnswer.properties.items,
  _links: Type.Object({ ...PagingLinks.properties, folder: Link }),
});

/** Where to upload the content of a file, and where to say that it is there. */
export const UploadAnswer = Type.Object(
  { _links: Type.Object({ uploadUrl: Link, completeUrl: Link }) },
  { title: "Upload" },
);

export type FolderModel = Static<typeof Folder>;
export type FileModel = Static<typeof File>;

/** The id of an item, as clients know it. */
export function longIdOf({ itwin_id, id }: Pick<StorageItem, "itwin_id" | "id">): string {
  return toLongId(itwin_id, id);
}

/** The URL of a folder. */
export function folderUrl(origin: string, folder: Pick<StorageItem, "itwin_id" | "id">): string {
  return `${origin}/storage/folders/${longIdOf(folder)}`;
}

/** A folder, as clients see it. */
export function toFolder(item: StorageItem, path: string, origin: string): FolderModel {
  return { type: "folder", ...toShared(item, path, origin) };
}

/** A file, as clients see it. */
export function toFile(item: StorageItem, path: string, origin: string): FileModel {
  return { type: "file", ...toShared(item, path, origin), size: item.size ?? 0 };
}

/** A file or a folder, as clients see it. */
export function toItem(item: StorageItem, path: string, origin: string): FileModel | FolderModel {
  return item.kind === "file" ? toFile(item, path, origin) : toFolder(item, path, origin);
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
