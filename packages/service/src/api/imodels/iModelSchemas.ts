import { Type, type Static } from "typebox";
import { Link, PagingLinks, PagingQuery } from "../../platform/http/paging.js";
import { Nullable } from "../../platform/http/schemas.js";

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Description = Type.Optional(Nullable(Type.String({ maxLength: 255 })));
const Point = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
});
const Extent = Type.Object({ southWest: Point, northEast: Point }, { title: "Extent" });
const listQuery = { ...PagingQuery.properties, $orderBy: Type.Optional(Type.String()) };

export const IModelParams = Type.Object({ iModelId: Type.String() });

export const NewIModel = Type.Object({
  iTwinId: Type.String(),
  name: Name,
  description: Description,
  extent: Type.Optional(Nullable(Extent)),
});

export const IModelChanges = Type.Object(
  { name: Type.Optional(Name), description: Description, extent: Type.Optional(Nullable(Extent)) },
  { minProperties: 1 },
);

export const MinimalIModel = Type.Object({ id: Type.String(), displayName: Type.String() }, { title: "MinimalIModel" });

export const IModel = Type.Object(
  {
    ...MinimalIModel.properties,
    name: Type.String(),
    description: Nullable(Type.String()),
    state: Type.String(),
    createdDateTime: Type.String(),
    iTwinId: Type.String(),
    extent: Nullable(Extent),
    dataCenterLocation: Type.String(),
    containersEnabled: Type.Integer(),
    lastChangesetPushDateTime: Nullable(Type.String()),
    _links: Type.Object({ creator: Nullable(Link), changesets: Nullable(Link), namedVersions: Nullable(Link) }),
  },
  { title: "IModel" },
);

export const IModelAnswer = Type.Object({ iModel: IModel });

export const IModelsAnswer = Type.Object({
  iModels: Type.Array(Type.Union([IModel, MinimalIModel])),
  _links: PagingLinks,
});

export const IModelsQuery = Type.Object({
  ...listQuery,
  iTwinId: Type.String(),
  name: Type.Optional(Type.String()),
});

export const CreateOperationAnswer = Type.Object({
  createOperation: Type.Object({ state: Type.String(), clonedFrom: Type.Null(), forkedFrom: Type.Null() }),
});

export const ChangesetParams = Type.Object({ ...IModelParams.properties, idOrIndex: Type.String() });

export const ChangesetsQuery = Type.Object({
  ...listQuery,
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

export const NamedVersionParams = Type.Object({ ...IModelParams.properties, namedVersionId: Type.String() });

export const NewNamedVersion = Type.Object({
  name: Name,
  description: Description,
  changesetId: Type.Optional(Nullable(Type.String())),
});

export const NamedVersionsQuery = Type.Object({ ...listQuery, name: Type.Optional(Type.String()) });

export const MinimalNamedVersion = Type.Object(
  {
    id: Type.String(),
    displayName: Type.String(),
    changesetId: Nullable(Type.String()),
    changesetIndex: Type.Integer(),
  },
  { title: "MinimalNamedVersion" },
);

export const NamedVersion = Type.Object(
  {
    ...MinimalNamedVersion.properties,
    name: Type.String(),
    description: Nullable(Type.String()),
    createdDateTime: Type.String(),
    state: Type.String(),
    application: Type.Null(),
    _links: Type.Object({ creator: Type.Null(), changeset: Nullable(Link) }),
  },
  { title: "NamedVersion" },
);

export const NamedVersionAnswer = Type.Object({ namedVersion: NamedVersion });

export const NamedVersionsAnswer = Type.Object({
  namedVersions: Type.Array(Type.Union([NamedVersion, MinimalNamedVersion])),
  _links: PagingLinks,
});

export const VersionParams = Type.Object({ ...IModelParams.properties, version: Type.String() });

export type IModelChanges = Static<typeof IModelChanges>;
export type IModel = Static<typeof IModel>;
export type IModelsQuery = Static<typeof IModelsQuery>;
export type MinimalIModel = Static<typeof MinimalIModel>;
export type Changeset = Static<typeof Changeset>;
export type ChangesetsQuery = Static<typeof ChangesetsQuery>;
export type MinimalChangeset = Static<typeof MinimalChangeset>;
export type NamedVersion = Static<typeof NamedVersion>;
export type NamedVersionsQuery = Static<typeof NamedVersionsQuery>;
export type MinimalNamedVersion = Static<typeof MinimalNamedVersion>;
