import { ElementGeometryOpcode } from "@itwin/core-common";
import { expecting, type FaultFinder } from "./ValueFault.js";
import { isRecord } from "./shapes.js";

/** What the data of geometry begin with, before the tables that are in them. */
const geometryPrefix = Buffer.from("bg0001fb");

const entryFaults = expecting(
  "an entry as ElementGeometry.Builder makes it",
  (entry) =>
    isRecord(entry) &&
    typeof ElementGeometryOpcode[entry.opcode as number] === "string" &&
    entry.data instanceof Uint8Array &&
    isTable(entry.data),
);

/**
 * Finds what is wrong with the binary geometry of an element, as far as a look at the beginning of each entry shows. The
 * native code would end the process at bytes that are none.
 */
export const geometryDataFaults: FaultFinder = (value, property) => {
  const entries = isRecord(value) ? value.entryArray : undefined;
  if (!Array.isArray(entries)) return { property, value, expected: "an object with an entryArray" };
  for (let index = 0; index < entries.length; index++) {
    const fault = entryFaults(entries[index], `${property}.entryArray[${index}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** Whether bytes begin with a table of FlatBuffers: the way to it and to the list of its members stay within the bytes. */
function isTable(data: Uint8Array): boolean {
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const start = hasPrefix(data) ? geometryPrefix.length : 0;
  if (start + 4 > data.length) return false;
  const table = start + bytes.getUint32(start, true);
  if (table + 4 > data.length) return false;
  const list = table - bytes.getInt32(table, true);
  if (list < start || list + 4 > data.length) return false;
  const size = bytes.getUint16(list, true);
  return size >= 4 && list + size <= data.length;
}

function hasPrefix(data: Uint8Array): boolean {
  return geometryPrefix.every((byte, index) => data[index] === byte);
}
