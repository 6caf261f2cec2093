import { Type, type Static } from "typebox";

const DocumentAttributeBody = Type.Object({
  className: Type.String({ pattern: "^\\w+[:.]\\w+$" }),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

const fileFields = {
  id: Type.String({ minLength: 1, maxLength: 255 }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  relativePath: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
  url: Type.Optional(Type.String()),
  connectorType: Type.Optional(Type.String()),
  connector: Type.Optional(Type.String({ description: "The earlier name of connectorType." })),
  documentMetadata: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  documentAttribute: Type.Optional(DocumentAttributeBody),
};

/** A document that a master document refers to. */
const ChildBody = Type.Object({ ...fileFields, parentId: Type.Optional(Type.String()) });

/** A master document in a manifest, with the documents that it refers to. */
const SourceFileBody = Type.Object({
  ...fileFields,
  action: Type.Optional(Type.Enum(["bridge", "unmap"])),
  children: Type.Optional(Type.Array(ChildBody)),
});

const limitOfFiles =
  "With their children at most manifests.maxItems of the configuration, 100,000 by default. More is answered with 422 TooManyItems.";

/** A client has null in the place of a document that its store no longer has. */
const SourceFileOrNull = Type.Unsafe<Static<typeof SourceFileBody> | null>({
  ...SourceFileBody,
  type: ["object", "null"],
});

/** The body of the request for a run of a manifest connection: run-manifest-connection.md. */
export const ManifestBody = Type.Object({
  documentAttributeSchemaUrl: Type.Optional(Type.String()),
  sourceFiles: Type.Optional(Type.Array(SourceFileOrNull, { description: limitOfFiles })),
});

export type ManifestBody = Static<typeof ManifestBody>;
export type ManifestFileBody = Static<typeof SourceFileBody>;
export type ManifestChildBody = Static<typeof ChildBody>;
