import { Type, type TSchema } from "typebox";

const Detail = Type.Object({
  code: Type.String(),
  message: Type.String(),
  target: Type.Optional(Type.String()),
});

/** The body of every answer that is not a success. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      target: Type.Optional(Type.String()),
      details: Type.Optional(Type.Array(Detail)),
    }),
  },
  { title: "Error" },
);

/** An answer without a body. */
export const NoContent = Type.Unsafe<undefined>({ type: "null", description: "Done; there is nothing to say." });

/** The answers of an operation that are not a success, by status, for the schema of its route. */
export function errorAnswers<const Status extends number>(...statuses: Status[]): Record<Status, typeof ErrorAnswer> {
  return Object.fromEntries(statuses.map((status) => [status, ErrorAnswer])) as unknown as Record<
    Status,
    typeof ErrorAnswer & TSchema
  >;
}
