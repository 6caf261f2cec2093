import { Type, type Static } from "typebox";
import { Link, listQuery, PagingLinks } from "../../platform/http/paging.js";

const DisplayName = Type.String({
  description:
    'At most 255 characters, none of them a control character or one of / \\ : * ? " < > |. Files cannot be executables.',
});

const Description = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** What a file or folder is created with. */
export const CreateBody = Type.Object({ displayName: DisplayName, description: Description });

/** What is changed in a file or folder. */
export const UpdateBody = Type.Object({ displayName: Type.Optional(DisplayName), description: Description });

/** The folder that a folder is moved into. */
export const MoveBody = Type.Object({ parentFolderId: Type.String() });

export const ItemParams = Type.Object({ id: Type.String() });

/** The query of lists of an iTwin. */
export const ITwinQuery = listQuery({
  iTwinId: Type.Optional(Type.String({ description: "The iTwin. Required, here or as projectId." })),
  projectId: Type.Optional(Type.String({ description: "The former name of iTwinId." })),
});

export const SearchQuery = listQuery({
  name: Type.String({ description: "A name in which * stands for any characters, and ? for one." }),
});

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
export type ItemChanges = Static<typeof UpdateBody>;
