/** Parameters that clients write in different cases, as the routes know them. */
const canonicalNames = new Map(
  ["imodelId", "iTwinId", "projectId", "redirectUrl", "name", "$top", "$skip"].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Reads a query. Of a parameter that is given twice, the last one counts. */
export function readQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text)) query[canonicalNames.get(name.toLowerCase()) ?? name] = value;
  return query;
}
