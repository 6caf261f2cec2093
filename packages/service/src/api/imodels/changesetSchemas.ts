import { Type, type Static } from "typebox";
import { Link, listQuery, PagingLinks } from "../../platform/http/paging.js";
import { Nullable } from "../../platform/http/schemas.js";
import { IModelParams, orderQuery } from "./iModelSchemas.js";

export const ChangesetParams = Type.Object({ ...IModelParams.properties, idOrIndex: Type.String() });

export const ChangesetsQuery = listQuery({
  ...orderQuery,
  afterIndex: Type.Optional(Type.Integer({ minimum: 0 })),
  lastIndex: Type.Optional(Type.Integer({ minimum: 0 })),
});

const minimalChangeset = {
  id: Type.String(),
  displayName: Type.String(),
  description: Type.String(),
  index: Type.Integer(),
  parentId: Type.String(),
  creatorId: Type.String(),
  pushDateTime: Type.String(),
  state: Type.String(),
  containingChanges: Type.Integer(),
  fileSize: Type.Integer(),
  briefcaseId: Type.Integer(),
  groupId: Type.Null(),
};
const minimalChangesetLinks = { self: Link, creator: Type.Null() };

export const MinimalChangeset = Type.Object(
  { ...minimalChangeset, _links: Type.Object(minimalChangesetLinks) },
  { title: "MinimalChangeset" },
);

export const Changeset = Type.Object(
  {
    ...minimalChangeset,
    application: Type.Null(),
    synchronizationInfo: Nullable(Type.Object({ taskId: Type.String(), changedFiles: Type.Null() })),
    _links: Type.Object({
      ...minimalChangesetLinks,
      namedVersion: Nullable(Link),
      currentOrPrecedingCheckpoint: Type.Null(),
      download: Type.Object({ href: Type.String(), storageType: Type.String() }),
    }),
  },
  { title: "Changeset" },
);

export const ChangesetAnswer = Type.Object({ changeset: Changeset });

export const ChangesetsAnswer = Type.Object({
  changesets: Type.Array(Type.Union([Changeset, MinimalChangeset])),
  _links: PagingLinks,
});

export type Changeset = Static<typeof Changeset>;
export type ChangesetsQuery = Static<typeof ChangesetsQuery>;
export type MinimalChangeset = Static<typeof MinimalChangeset>;
