/** Whether the database can keep a text: it has no NUL, and no half of a character that takes two. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
