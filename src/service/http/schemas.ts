import { Type, type TSchema } from "typebox";

const Detail = { code: Type.String(), message: Type.String(), target: Type.Optional(Type.String()) };

/** The body of an answer that is not a success. */
export const ErrorSchema = Type.Object({
  error: Type.Object({ ...Detail, details: Type.Optional(Type.Array(Type.Object(Detail))) }),
});

/** The schemas of the answers with these statuses, and of those that each operation can have. */
export function failures<Status extends number>(
  ...statuses: Status[]
): Record<Status | 401 | 403 | 429, typeof ErrorSchema> {
  const all = [401 as const, 403 as const, 429 as const, ...statuses];
  const entries = all.map((status) => [status, ErrorSchema]);
  return Object.fromEntries(entries) as Record<Status | 401 | 403 | 429, typeof ErrorSchema>;
}

/** A value that can be null. */
export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}
