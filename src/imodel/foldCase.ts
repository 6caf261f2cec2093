/**
 * A text as iModels compare codes: SQLite's NOCASE ignores the case of the letters A to Z, and of no others. So `P-1` and
 * `p-1` are one code, `Ä-1` and `ä-1` are two.
 */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
