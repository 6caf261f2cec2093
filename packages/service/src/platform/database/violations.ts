/** Whether a statement failed because a row with such a key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === "23505"; // the code of Postgres, embedded or not
}

/** Whether a statement failed because a row that it refers to is not there any more. */
export function isForeignKeyViolation(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === "23503";
}

/** NUL and half characters in texts and in JSON, and numbers that are too large. */
const unstorable = ["22021", "22P05", "22003"];

/** Whether a statement failed because the database can keep no such value. */
export function isUnstorable(error: unknown): boolean {
  return unstorable.includes(String((error as { code?: string } | undefined)?.code));
}
