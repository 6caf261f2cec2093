import { Type, type Static } from "typebox";
import { Link, listQuery, PagingLinks } from "../../platform/http/paging.js";
import { RunError } from "./runSchemas.js";
import { ManifestSourceFileBody, StorageSourceFileBody } from "./sourceFileSchemas.js";

export const AuthenticationType = Type.Enum(["User", "Service"]);

/** How the runs of a connection are executed. Not an object of the platform. */
export const ConnectionOptions = Type.Object(
  {
    strict: Type.Optional(Type.Boolean()),
    maxDeletions: Type.Optional(Type.String({ pattern: "^(none|[0-9]{1,9}|(100|[0-9]{1,2}([.][0-9]{1,6})?)%)$" })),
    schemaContract: Type.Optional(Type.Enum(["evolve", "freeze", "report"])),
  },
  { title: "ConnectionOptions", additionalProperties: false },
);

export const Connection = Type.Object(
  {
    id: Type.String(),
    displayName: Type.String(),
    iModelId: Type.Optional(Type.String()),
    iTwinId: Type.Optional(Type.String()),
    authenticationType: Type.Optional(AuthenticationType),
    runOptions: Type.Optional(ConnectionOptions),
    error: Type.Optional(RunError),
    _links: Type.Optional(
      Type.Object({
        iModel: Link,
        iTwin: Link,
        project: Link,
        lastRun: Type.Optional(Link),
      }),
    ),
  },
  { title: "Connection" },
);

export const ConnectionParams = Type.Object({ connectionId: Type.String() });
export const IModelQuery = listQuery({ imodelId: Type.String() });

export const ConnectionAnswer = Type.Object({ connection: Connection });
export const ConnectionsAnswer = Type.Object({ connections: Type.Array(Connection), _links: PagingLinks });

const connectionFields = {
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  authenticationType: Type.Optional(AuthenticationType),
  runOptions: Type.Optional(ConnectionOptions),
};

export const NewStorageConnectionBody = Type.Object({
  iModelId: Type.String(),
  sourceFiles: Type.Array(StorageSourceFileBody),
  ...connectionFields,
});

export const NewManifestConnectionBody = Type.Object({
  iModelId: Type.String(),
  sourceFiles: Type.Array(ManifestSourceFileBody),
  ...connectionFields,
});

export const ConnectionUpdateBody = Type.Object(connectionFields);

/** The body of a new connection of either kind. */
export type NewConnectionBody = Static<typeof NewStorageConnectionBody> | Static<typeof NewManifestConnectionBody>;

export type Connection = Static<typeof Connection>;
export type ConnectionsAnswer = Static<typeof ConnectionsAnswer>;
