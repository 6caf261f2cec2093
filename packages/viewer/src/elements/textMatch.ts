/** Whether a value contains a text, whatever the case of their letters. */
export function matches(value: string, text: string): boolean {
  return value.toLowerCase().includes(text.trim().toLowerCase());
}

/** A condition of ECSQL on a value that may be like a pattern. */
export function likeCondition(select: string): string {
  return `${select} LIKE ? ESCAPE '\\'`;
}

/**
 * A pattern for all values that may contain a text. SQLite ignores the case of Latin letters only, so a letter beyond
 * ASCII stands for anything; {@link matches} decides.
 */
export function widePattern(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what ASCII is
  return `%${escaped(text).replace(/[^\x00-\x7f]+/gu, "%")}%`;
}

/** Patterns for values that contain a text as it is, in lower or in upper case. */
export function exactPatterns(text: string): string[] {
  const variants = [text, text.toLowerCase(), text.toUpperCase()].map((variant) => `%${escaped(variant)}%`);
  // eslint-disable-next-line no-control-regex -- that is what ASCII is
  return /^[\x00-\x7f]*$/.test(text) ? variants.slice(0, 1) : [...new Set(variants)];
}

function escaped(text: string): string {
  return text.trim().replace(/[\\%_]/g, "\\$&");
}
