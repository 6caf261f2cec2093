import type { ByteRange } from "./BlobStore.js";

/**
 * The part of a blob that a Range header asks for; undefined for all of it. Several parts at once, and headers that are
 * not understood, get all of it, as RFC 9110 lets a server do.
 * @returns `"beyond"` where the blob has no such part
 */
export function readRange(header: string | undefined, size: number): ByteRange | "beyond" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return start < size ? { start, end } : "beyond";
}
