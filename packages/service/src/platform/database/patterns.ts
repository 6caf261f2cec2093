/** A text in a pattern of `LIKE`, where its characters stand for themselves. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/** The pattern of texts that have this one in them. */
export function containing(text: string): string {
  return `%${escapePattern(text)}%`;
}
