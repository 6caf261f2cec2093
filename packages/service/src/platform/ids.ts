/**
 * The platform's long ids: two GUIDs, each as .NET writes its bytes (the first three fields with the lowest byte first),
 * together 32 bytes, in base64url without padding: 43 characters. The first GUID is that of the iTwin for files and
 * folders, and that of the iModel for connections; a root folder has its iTwin's twice.
 */
export function toLongId(ownerId: string, itemId: string): string {
  return Buffer.concat([toBytes(ownerId), toBytes(itemId)]).toString("base64url");
}

/** The two GUIDs of a long id, or undefined for a text that is none. */
export function fromLongId(text: string): { ownerId: string; itemId: string } | undefined {
  if (!/^[\w-]{43}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) return undefined; // bits that no byte has
  return { ownerId: toGuid(bytes.subarray(0, 16)), itemId: toGuid(bytes.subarray(16)) };
}

/** Whether a text is a UUID as the platform's clients accept them. */
export function isUuid(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(text);
}

function toBytes(guid: string): Buffer {
  return swap(Buffer.from(guid.replaceAll("-", ""), "hex"));
}

function toGuid(bytes: Buffer): string {
  return swap(Buffer.from(bytes))
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Turns the bytes of the first three fields round. */
function swap(bytes: Buffer): Buffer {
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
