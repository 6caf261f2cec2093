/**
 * Where in a statement a fault lies, as a text to be put behind its description: where what the description quotes
 * stands, or the first bracket or quotation mark that lacks its other half. Empty where that cannot be told.
 */
export function placeOf(ecsql: string, reason: string): string {
  const index = findQuoted(ecsql, reason) ?? findStart(ecsql) ?? findUnbalanced(ecsql);
  if (index === undefined) return "";
  const before = ecsql.slice(0, index).split("\n");
  return ` (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`;
}

/** The platform writes `[schema].[class]` or `schema:class` for what stands as `schema.class`. */
function findQuoted(ecsql: string, reason: string): number | undefined {
  for (const [, quoted = ""] of reason.matchAll(/'([^']+)'/g)) {
    const parts = quoted.replace(/[[\]]/g, "").split(/[.:]/).map(escaped);
    const found = new RegExp(`\\[?${parts.join("\\]?[.:]\\[?")}`, "i").exec(ecsql);
    if (found !== null) return found.index;
  }
  return undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A statement that reads begins with one of two words. */
function findStart(ecsql: string): number | undefined {
  return /^\s*(SELECT|WITH)\b/i.test(ecsql) ? undefined : ecsql.search(/\S/);
}

function findUnbalanced(ecsql: string): number | undefined {
  const open: number[] = [];
  for (const { 0: token, index } of ecsql.matchAll(/'(?:[^']|'')*'|"[^"]*"|--.*|\/\*[^]*?\*\/|[()'"]/g)) {
    if (token === "'" || token === '"') return index;
    if (token === "(") open.push(index);
    if (token === ")" && open.pop() === undefined) return index;
  }
  return open.at(-1);
}
