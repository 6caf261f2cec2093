import { Type, type Static } from "typebox";
import { Link, listQuery, PagingLinks } from "../../platform/http/paging.js";
import { Nullable } from "../../platform/http/schemas.js";

/** A name that a client gives. */
export const Name = Type.String({ minLength: 1, maxLength: 255 });
/** A description that a client gives. */
export const Description = Type.Optional(Nullable(Type.String({ maxLength: 255 })));
const Point = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
});
const Extent = Type.Object({ southWest: Point, northEast: Point }, { title: "Extent" });
/** What every list below an iModel can be asked for, and that of iModels. */
export const orderQuery = { $orderBy: Type.Optional(Type.String()) };
/** What lists of things with names can be asked for. */
export const nameQuery = {
  ...orderQuery,
  name: Type.Optional(Type.String()),
  $search: Type.Optional(Type.String({ description: "A part of the name or of the description" })),
};

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

export const IModelsQuery = listQuery({
  ...nameQuery,
  iTwinId: Type.String(),
  state: Type.Optional(Type.Enum(["initialized", "notInitialized"])),
});

export const CreateOperationAnswer = Type.Object({
  createOperation: Type.Object({ state: Type.String(), clonedFrom: Type.Null(), forkedFrom: Type.Null() }),
});

export const VersionParams = Type.Object({ ...IModelParams.properties, version: Type.String() });

export type IModelChanges = Static<typeof IModelChanges>;
export type IModel = Static<typeof IModel>;
export type IModelsQuery = Static<typeof IModelsQuery>;
export type MinimalIModel = Static<typeof MinimalIModel>;
