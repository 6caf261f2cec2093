import type { ByteRange } from "../../platform/blobs/BlobStore.js";

/**
 * The part of a blob that a Range header asks for; undefined for all of it. Several parts at once, and headers that are
 * not understood, get all of it, as RFC 9110 lets a server do.
 * @returns `"beyond"` where the blob has no such part
 */
export function readRange(header: string | undefined, size: number): ByteRange | "beyond" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "") return last === "" ? undefined : within(Math.max(0, size - Number(last)), size - 1, size);
  const end = last === "" ? size - 1 : Number(last);
  if (last !== "" && end < Number(first)) return undefined;
  return within(Number(first), end, size);
}

function within(start: number, end: number, size: number): ByteRange | "beyond" {
  return start < size ? { start, end: Math.min(end, size - 1) } : "beyond";
}
