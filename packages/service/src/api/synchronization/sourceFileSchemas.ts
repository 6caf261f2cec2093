import { Type, type Static } from "typebox";
import { Link, PagingLinks } from "../../platform/http/paging.js";

export const SourceFile = Type.Object(
  {
    id: Type.String(),
    storageFileId: Type.Optional(Type.String()),
    connectorType: Type.Optional(Type.String()),
    lastKnownFileName: Type.Optional(Type.String()),
    sourceFileId: Type.Optional(Type.String()),
    _links: Type.Optional(Type.Object({ file: Link })),
  },
  { title: "SourceFile" },
);

export const SourceFileParams = Type.Object({ connectionId: Type.String(), sourceFileId: Type.String() });
export const SourceFileAnswer = Type.Object({ sourceFile: SourceFile });
export const SourceFilesAnswer = Type.Object({ sourceFiles: Type.Array(SourceFile), _links: PagingLinks });

/** The body that adds a file of the storage to a connection. */
export const StorageSourceFileBody = Type.Object({
  storageFileId: Type.String({ minLength: 1 }),
  connectorType: Type.String({ minLength: 1 }),
});

/** The body that adds a document to a connection. */
export const ManifestSourceFileBody = Type.Object({ sourceFileId: Type.String({ minLength: 1, maxLength: 255 }) });

export type SourceFile = Static<typeof SourceFile>;
export type StorageSourceFileBody = Static<typeof StorageSourceFileBody>;
export type ManifestSourceFileBody = Static<typeof ManifestSourceFileBody>;
