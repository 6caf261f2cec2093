/**
 * Data as JSON that is the same for the same data: keys are in order, and what is undefined does not count. Data whose
 * keys are in order already costs little more than `JSON.stringify`.
 */
export function canonicalJson(data: unknown): string {
  return JSON.stringify(canonical(data) ?? null);
}

/** The value itself where it is canonical, else a copy that is. */
function canonical(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value); // JSON has null for them
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return canonicalArray(value);
  if (isPlain(value)) return canonicalObject(value as Record<string, unknown>);
  return canonicalInstance(value);
}

function canonicalArray(values: unknown[]): unknown[] {
  for (const value of values) {
    if (typeof value !== "string" && canonical(value) !== value) return values.map(canonical);
  }
  return values;
}

function canonicalObject(object: Record<string, unknown>): unknown {
  const keys = Object.keys(object);
  if (isCanonical(object, keys)) return object;
  return Object.fromEntries(keys.sort().map((key) => [key, canonical(object[key])]));
}

function isCanonical(object: Record<string, unknown>, keys: string[]): boolean {
  let previous = "";
  for (const key of keys) {
    if (key < previous) return false;
    previous = key;
    const value = object[key];
    if (typeof value !== "string" && canonical(value) !== value) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Points and dates know their JSON; bytes, maps and sets would have an empty or endless one. */
function canonicalInstance(value: object): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map || value instanceof Set) return canonicalArray([...value] as unknown[]);
  const { toJSON } = value as { toJSON?: () => unknown };
  return typeof toJSON === "function" ? canonical(toJSON.call(value)) : canonicalObject({ ...value });
}
