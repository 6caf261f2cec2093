/** Cuts a list into lists of at most so many entries: a statement of the database is to be bounded. */
export function chunksOf<T>(entries: readonly T[], size = 1000): T[][] {
  const count = Math.ceil(entries.length / size);
  return Array.from({ length: count }, (_, index) => entries.slice(index * size, (index + 1) * size));
}
