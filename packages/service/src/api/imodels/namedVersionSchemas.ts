import { Type, type Static } from "typebox";
import { Link, listQuery, PagingLinks } from "../../platform/http/paging.js";
import { Nullable } from "../../platform/http/schemas.js";
import { Description, IModelParams, Name, nameQuery } from "./iModelSchemas.js";

export const NamedVersionParams = Type.Object({ ...IModelParams.properties, namedVersionId: Type.String() });

export const NewNamedVersion = Type.Object({
  name: Name,
  description: Description,
  changesetId: Type.Optional(Nullable(Type.String())),
});

export const NamedVersionsQuery = listQuery({
  ...nameQuery,
  state: Type.Optional(Type.Enum(["visible", "hidden"], { description: "All are visible." })),
});

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

export type NamedVersion = Static<typeof NamedVersion>;
export type NamedVersionsQuery = Static<typeof NamedVersionsQuery>;
export type MinimalNamedVersion = Static<typeof MinimalNamedVersion>;
