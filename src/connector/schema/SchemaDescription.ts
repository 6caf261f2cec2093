/**
 * The type of a property. `date` and the two kinds of `dateTime` are all EC dateTime and differ in its DateTimeInfo;
 * values of all three are ISO 8601.
 * @public
 */
export type PropertyType =
  | "string"
  | "int"
  | "long"
  | "double"
  | "boolean"
  | "date"
  | "dateTime"
  | "dateTimeUtc"
  | "point2d"
  | "point3d"
  | "binary";

/**
 * A property of a class.
 * @public
 */
export interface PropertyDescription {
  /** A valid EC name. In the props of an element its first letter is in lower case. */
  name: string;
  /** The type of its values. */
  type: PropertyType;
  /** The name that the source uses, in any characters. Tools display it instead of `name`. */
  label?: string;
  /** One sentence on what the property means. */
  description?: string;
  /**
   * The unit in which the iModel keeps the values, for numbers and points: a name of the platform's schema Units, such as
   * `MM` or `SQ_M`, or a text that `findUnit` of `itwin-connector-framework/units` knows, such as `m³/h`. A property that
   * exists in another unit stays in that unit, and the values are converted. Default: none.
   */
  unit?: string;
  /** The unit of the values that the connector gives. They are converted to `unit`, which must be given. Default: `unit`. */
  sourceUnit?: string;
}

/**
 * A navigation property: it leads from an element to one other element.
 * @public
 */
export interface NavigationDescription {
  /** A valid EC name. */
  name: string;
  /** The class of the elements that it leads to: a class of the same schema, or `Schema:Class`. */
  target: string;
  /** The name of its relationship class. Default: `<class>RefersTo<Name>`. */
  relationship?: string;
  /** The name that tools display. Default: `name`. */
  label?: string;
}

/**
 * A class of elements, or of their aspects where its base class is one of those.
 * @public
 */
export interface ElementClassDescription {
  /** A valid EC name. */
  name: string;
  /** A class of the same schema, or `Schema:Class`. Default: `BisCore:PhysicalElement`. */
  baseClass?: string;
  /** The name that tools display. Default: `name`. */
  label?: string;
  /** One sentence on what its elements are. */
  description?: string;
  /** Its own properties, without those of its base class. Default: none. */
  properties?: readonly PropertyDescription[];
  /** Its own navigation properties. Default: none. */
  navigations?: readonly NavigationDescription[];
}

/**
 * A class of link-table relationships, from any number of elements to any number of elements.
 * @public
 */
export interface LinkClassDescription {
  /** A valid EC name. */
  name: string;
  /** A class of links of the same schema, or `Schema:Class`. Default: `BisCore:ElementRefersToElements`. */
  baseClass?: string;
  /** The class of the elements that it leads from: a class of the same schema, or `Schema:Class`. */
  source: string;
  /** The class of the elements that it leads to. */
  target: string;
  /** The name that tools display. Default: `name`. */
  label?: string;
  /** The properties of the relationship itself. Default: none. */
  properties?: readonly PropertyDescription[];
}

/**
 * A dynamic schema: what the source needs, in the connector's own words. The framework makes it, and gives it the next
 * minor version whenever something is added. What is no longer described stays, since elements may still use it.
 * @public
 */
export interface SchemaDescription {
  /** A valid EC name. */
  name: string;
  /** Default: the name. */
  alias?: string;
  /** Its classes of elements and aspects, in any order. */
  classes: readonly ElementClassDescription[];
  /** Its classes of link-table relationships. Default: none. */
  links?: readonly LinkClassDescription[];
}

/**
 * A schema in a file of its own, as ECSchema XML. It is imported when the iModel does not have it in this version.
 * @public
 */
export interface SchemaFile {
  /** Absolute path. */
  file: string;
}
