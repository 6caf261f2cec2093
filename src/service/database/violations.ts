/** Whether a statement failed because a row with such a key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === "23505"; // the code of Postgres, embedded or not
}

/** Whether a statement failed because a row that it refers to is not there any more. */
export function isForeignKeyViolation(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === "23503";
}
