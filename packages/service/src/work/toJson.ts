/** A value as JSON that Postgres can keep: what connectors report may hold characters that it cannot. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? toStorable(part) : part));
}

/** Without zeros, and with no half of a character; both are replaced. */
function toStorable(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8").replaceAll("\0", "\ufffd");
}
