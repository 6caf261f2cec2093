import { createHash } from "node:crypto";
import type { GuidString } from "@itwin/core-bentley";

/** The digits of an IfcGloballyUniqueId, from 0 to 63 (IFC4, IfcGloballyUniqueId). */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";

/** 22 digits are 132 bits; the first digit has only two. */
const valid = /^[0-3][0-9A-Za-z_$]{21}$/;

/** The namespace of GUIDs that are derived from a name (RFC 9562, version 5). It must never change. */
const namespace = Buffer.from("3f0c5e1b7d8a4c0f9a526b1de7c48a90", "hex");

/** The GUID that a GlobalId stands for, by IFC's own mapping: a number in base 64. Undefined for one that is not valid. */
export function guidOfGlobalId(globalId: string): GuidString | undefined {
  if (!valid.test(globalId)) return undefined;
  let number = 0n;
  for (const digit of globalId) number = number * 64n + BigInt(digits.indexOf(digit));
  return format(number.toString(16).padStart(32, "0"));
}

/** A GUID made of a name: the same for the same name, always. */
export function guidOfName(name: string): GuidString {
  return guidInNamespace(namespace, name);
}

/** A UUID of version 5. */
export function guidInNamespace(space: Uint8Array, name: string): GuidString {
  const bytes = createHash("sha1").update(space).update(name, "utf8").digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return format(bytes.toString("hex"));
}

function format(hex: string): GuidString {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
