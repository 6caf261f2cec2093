import { createHash } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";

/** A GlobalId that is always the same for a name: 128 bits as 22 characters of IFC's own base 64. */
export function globalId(name) {
  let bits = BigInt(`0x${createHash("sha256").update(name).digest("hex").slice(0, 32)}`);
  let text = "";
  for (let place = 0; place < 22; place++, bits >>= 6n) text = alphabet[Number(bits & 63n)] + text;
  return text;
}

/** An enumeration value. */
export const enumeration = (name) => ({ text: `.${name}.` });

/** A value with its type, such as `typed("IFCLABEL", "x")`. */
export const typed = (type, value) => ({ text: `${type}(${format(value)})` });

/** A whole number, which has no decimal point. */
export const integer = (value) => ({ text: String(value) });

/** The text of an IFC file, made instance by instance. */
export class IfcText {
  instances = [];

  /** Adds an instance. @returns a reference to it, for the values of others */
  add(type, ...values) {
    this.instances.push({ type, values });
    return { instance: this.instances.length - 1 };
  }

  /** Adds an instance that has a GlobalId: the one that belongs to its name. */
  addRoot(type, name, ...values) {
    return this.add(type, globalId(name), null, ...values);
  }

  /**
   * The file.
   * @param schema - the schema of its header
   * @param numberOf - the number of each instance, by its place
   * @param order - the places of the instances in the order in which they are written
   */
  toText({ schema = "IFC4", numberOf = (place) => place + 1, order = this.instances.map((_, place) => place) } = {}) {
    const lines = order.map((place) => {
      const { type, values } = this.instances[place];
      return `#${numberOf(place)}=${type}(${values.map((value) => format(value, numberOf)).join(",")});`;
    });
    return [
      "ISO-10303-21;",
      "HEADER;",
      "FILE_DESCRIPTION(('ViewDefinition [ReferenceView]'),'2;1');",
      "FILE_NAME('house.ifc','2024-01-01T00:00:00',(''),(''),'','','');",
      `FILE_SCHEMA(('${schema}'));`,
      "ENDSEC;",
      "DATA;",
      ...lines,
      "ENDSEC;",
      "END-ISO-10303-21;",
      "",
    ].join("\n");
  }
}

function format(value, numberOf) {
  if (value === null || value === undefined) return "$";
  if (typeof value === "number") return Number.isInteger(value) ? `${value}.` : String(value).toUpperCase();
  if (typeof value === "string") return `'${escape(value)}'`;
  if (Array.isArray(value)) return `(${value.map((item) => format(item, numberOf)).join(",")})`;
  return value.text ?? `#${numberOf(value.instance)}`;
}

/** Characters beyond ASCII in UTF-16, as the standard has it. */
function escape(text) {
  const quoted = text.replaceAll("\\", "\\\\").replaceAll("'", "''");
  return quoted.replace(/[^\x20-\x7e]+/g, (other) => {
    const units = Array.from({ length: other.length }, (_, index) => other.charCodeAt(index));
    return `\\X2\\${units.map((unit) => unit.toString(16).toUpperCase().padStart(4, "0")).join("")}\\X0\\`;
  });
}
