import { Type, type Static } from "typebox";
import { listQuery, PagingLinks } from "../../platform/http/paging.js";
import { Nullable } from "../../platform/http/schemas.js";

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Class = Type.Union([Type.Literal("Thing"), Type.Literal("Endeavor"), Type.Literal("Account")]);
const Status = Type.Union([Type.Literal("Active"), Type.Literal("Inactive"), Type.Literal("Trial")]);

/** What a client can say of an iTwin. */
const details = {
  type: Type.Optional(Nullable(Type.String())),
  number: Type.Optional(Nullable(Type.String())),
  geographicLocation: Type.Optional(Nullable(Type.String())),
  ianaTimeZone: Type.Optional(Nullable(Type.String())),
  dataCenterLocation: Type.Optional(Nullable(Type.String())),
  parentId: Type.Optional(Nullable(Type.String())),
  status: Type.Optional(Status),
};

export const NewITwin = Type.Object({
  displayName: Name,
  class: Class,
  subClass: Name,
  ...details,
});

export const ITwinChanges = Type.Object(
  {
    displayName: Type.Optional(Name),
    class: Type.Optional(Class),
    subClass: Type.Optional(Name),
    ...details,
  },
  { minProperties: 1 },
);

const minimal = {
  id: Type.String(),
  class: Type.String(),
  subClass: Type.String(),
  type: Nullable(Type.String()),
  number: Nullable(Type.String()),
  displayName: Type.String(),
};

export const MinimalITwin = Type.Object(minimal, { title: "MinimalITwin" });

export const ITwin = Type.Object(
  {
    ...minimal,
    geographicLocation: Nullable(Type.String()),
    ianaTimeZone: Nullable(Type.String()),
    dataCenterLocation: Nullable(Type.String()),
    status: Type.String(),
    parentId: Nullable(Type.String()),
    iTwinAccountId: Nullable(Type.String()),
    createdDateTime: Type.String(),
    createdBy: Type.String(),
  },
  { title: "ITwin" },
);

export const ITwinAnswer = Type.Object({ iTwin: ITwin });

export const ITwinsAnswer = Type.Object({
  iTwins: Type.Array(Type.Union([ITwin, MinimalITwin])),
  _links: PagingLinks,
});

const Text = Type.Optional(Type.String());

export const ITwinsQuery = listQuery({
  subClass: Text,
  status: Type.Optional(Status),
  type: Text,
  number: Text,
  displayName: Text,
  parentId: Text,
  iTwinAccountId: Type.Optional(Type.String({ description: "No iTwin of the service has an account." })),
  includeInactive: Type.Optional(Type.Boolean({ description: "Default: true" })),
  $search: Type.Optional(Type.String({ description: "A part of the name or of the number" })),
});

export const ITwinParams = Type.Object({ iTwinId: Type.String() });

export type NewITwin = Static<typeof NewITwin>;
export type ITwinChanges = Static<typeof ITwinChanges>;
export type ITwin = Static<typeof ITwin>;
export type MinimalITwin = Static<typeof MinimalITwin>;
export type ITwinsQuery = Static<typeof ITwinsQuery>;
