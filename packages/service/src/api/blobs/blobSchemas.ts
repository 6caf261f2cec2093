import { Type, type Static } from "typebox";

export const BlobParams = Type.Object({ "*": Type.String() });

export const SignedQuery = Type.Object({
  action: Type.Optional(Type.String()),
  expires: Type.Optional(Type.String()),
  signature: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  comp: Type.Optional(Type.String()),
  blockid: Type.Optional(Type.String()),
});

/** What is sent as it is. */
export const Bytes = Type.Unsafe<unknown>({ type: "string", format: "binary" });

export type BlobParams = Static<typeof BlobParams>;
export type SignedQuery = Static<typeof SignedQuery>;
