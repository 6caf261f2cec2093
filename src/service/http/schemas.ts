import { Type, type TObject } from "typebox";

const detail = { code: Type.String(), message: Type.String(), target: Type.Optional(Type.String()) };

/** The body of every answer that is not a success: rest-api.md, section 1.4. */
export const ErrorAnswer = Type.Object({
  error: Type.Object({ ...detail, details: Type.Optional(Type.Array(Type.Object(detail))) }),
});

/** An answer without a body. */
export const EmptyAnswer = Type.Unsafe<undefined>({ type: "null" });

/** The schemas of the answers with which an operation can fail, beside 401 and 429, with which each one can. */
export function failures(...statuses: number[]): Record<number, TObject> {
  return Object.fromEntries([401, 429, ...statuses].map((status) => [status, ErrorAnswer]));
}
