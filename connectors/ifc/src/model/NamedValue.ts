/** The type of a property in the iModel. */
export type ValueType = "string" | "double" | "long" | "boolean";

/** A property of an entity or of one of its sets, as the source names it. */
export interface ValueDescription {
  readonly label: string;
  readonly type: ValueType;
  /** The IFC type of the value, such as `IfcLengthMeasure`. */
  readonly measure?: string;
  /** The symbol or the name of the unit. */
  readonly unit?: string;
  /** What the source says that it means. */
  readonly description?: string;
}

/** A property with its value. */
export interface NamedValue extends ValueDescription {
  readonly value: string | number | boolean;
}

/** Properties that belong together: a property set, a set of quantities, a layer of a material. */
export interface ValueSet {
  readonly name: string;
  readonly values: readonly NamedValue[];
}
