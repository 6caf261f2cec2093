/**
 * What does not count: ids, time stamps, and what the platform makes anew for each write. `docs/compare.md` gives the
 * reasons.
 */

/** Properties of BisCore that do not count, and the two by which an aspect and a model are found in the first place. */
const ignoredOfBis = new Set([
  "Element",
  "FederationGuid",
  "GeometryGuid",
  "LastMod",
  "LastSuccessfulRun",
  "ModeledElement",
]);

/** Properties that do not count whatever schema declares them, as long as they are times. */
const timesOfAll = new Set(["LastSynchronized"]);

/** Keys of JSON objects under which times do not count. */
const timeKeys = new Set(["lastMod", "lastSuccessfulRun", "lastSynchronized"].map((key) => key.toLowerCase()));

/** The keys under which a document's RepositoryLink keeps where its file lay, and the query of its URL. */
const placeKeys = new Set(["DocumentPlace", "DocumentQuery"]);

/** What the provenance of an element says of its federation GUID, which does not count either. */
const guidOrigins = new Set<unknown>(["given", "kept"]);

/** Keys of JSON objects under which the platform keeps ids, beside those that end with `Id` or `Ids`. */
const idKeys = new Set([
  "acs",
  "category",
  "excludedElements",
  "material",
  "part",
  "renderTimeline",
  "style",
  "subCategory",
]);

/** Whether a property does not count. */
export function isIgnored({ name, isOfBis, isTime }: { name: string; isOfBis: boolean; isTime: boolean }): boolean {
  return (isTime && timesOfAll.has(name)) || (isOfBis && ignoredOfBis.has(name));
}

/** Whether a member of a JSON object does not count. */
export function isIgnoredMember(key: string, value: unknown): boolean {
  return (
    placeKeys.has(key) ||
    isRowMemory(key, value) ||
    isTimeStamp(key, value) ||
    (key === "federationGuid" && guidOrigins.has(value))
  );
}

/** What rows of a document are known by in the next run. The rows themselves count. */
function isRowMemory(key: string, value: unknown): boolean {
  if (key === "FindingsState") return typeof value === "string";
  return key === "blocks" && typeof value === "object" && value !== null && "digests" in value && "decimals" in value;
}

function isTimeStamp(key: string, value: unknown): boolean {
  return timeKeys.has(key.toLowerCase()) && typeof value === "string" && isTimeText(value);
}

/** Whether a text is a time, in ISO 8601. */
export function isTimeText(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})?$/.test(value);
}

/** Whether the value under a key of a JSON object is known to be an id. */
export function isIdKey(key: string): boolean {
  return idKeys.has(key) || /(^id|[a-z]Id|Ids|^ids)$/.test(key);
}

/** Whether a text can be an id. */
export function isIdText(value: string): boolean {
  return /^0x[1-9a-f][0-9a-f]*$/.test(value);
}
