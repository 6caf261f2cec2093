import type { Readable } from "node:stream";
import { Type, type Static, type TSchema } from "typebox";

const Detail = Type.Object({
  code: Type.String(),
  message: Type.String(),
  target: Type.Optional(Type.String()),
});

/** The body of every answer that is not a success. Kept once, under its id, in the OpenAPI document. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      target: Type.Optional(Type.String()),
      details: Type.Optional(Type.Array(Detail)),
    }),
  },
  { $id: "Error" },
);

const reference = Type.Unsafe<Static<typeof ErrorAnswer>>({ $ref: "Error#" });

/** An answer without a body. */
export const NoContent = Type.Unsafe<undefined>({ type: "null", description: "Done; there is nothing to say." });

/** An answer that is sent as it comes, and is no JSON. */
export function StreamAnswer(mediaType: string) {
  return Type.Unsafe<Readable>({ description: "Content", content: { [mediaType]: { schema: { type: "string" } } } });
}

/** The answers of an operation that are not a success, by status, for the schema of its route. */
export function errorAnswers<const Status extends number>(...statuses: Status[]): Record<Status, typeof reference> {
  return Object.fromEntries(statuses.map((status) => [status, reference])) as Record<Status, typeof reference>;
}

/** Those of an operation that needs a permission: these statuses, and those that every such operation can have. */
export function failures<const Status extends number>(
  ...statuses: Status[]
): Record<Status | 401 | 403 | 429, typeof reference> {
  return errorAnswers<Status | 401 | 403 | 429>(401, 403, 429, ...statuses);
}

/** A value that can be null. */
export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}
