import { isStorable } from "./text.js";

/** Parameters that clients write in different cases, as the routes know them. */
const canonicalNames = new Map(
  ["iModelId", "iTwinId", "projectId", "redirectUrl", "name", "$top", "$skip"].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Reads a query. Of a parameter that is given twice, the last one counts. What no text can hold is left out. */
export function readQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text))
    query[canonicalNames.get(name.toLowerCase()) ?? name] = isStorable(value) ? value : value.replaceAll("\0", "");
  return query;
}
