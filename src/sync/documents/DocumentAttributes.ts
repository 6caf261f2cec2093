/**
 * What is to be said of a document in terms of a class of its own.
 * @public
 */
export interface DocumentAttributes {
  /**
   * An ECSchema with the class, in the format https://dev.bentley.com/json_schemas/ec/32/ecschema. It is imported where the
   * iModel does not have it, or has an earlier version. Not needed where the iModel has the class.
   */
  schema?: object;
  /**
   * The class, such as `ProjectwiseDynamic:PWDocumentLink`: one derived from `BisCore:RepositoryLink`, which the document's
   * element then is of, or one of ElementAspects, of which the document's element then has one.
   */
  className: string;
  /**
   * The values of its properties, by their names in the schema. `CodeValue` and `UserLabel` are those of the document's
   * element, also for an aspect.
   */
  properties: Readonly<Record<string, unknown>>;
}

/**
 * A class, and values for its properties.
 * @public
 */
export interface ClassProps {
  /** Such as `ProjectwiseDynamic:PWDocumentLink`. */
  classFullName: string;
  /** The values, by the names of the properties in TypeScript. */
  props: Readonly<Record<string, unknown>>;
}

/**
 * Attributes of a document that are known to fit the schemas of the iModel.
 * @public
 */
export interface CheckedAttributes {
  /** The attributes as they were given: what is compared to tell whether they changed. */
  given: Omit<DocumentAttributes, "schema">;
  /** The class and properties of the document's element, if they are about that. */
  element?: ClassProps;
  /** An aspect of the document's element. */
  aspect?: ClassProps & { relClassName: string };
  /** The code of the document's element, if no other element has it. */
  codeValue?: string;
  /** The label of the document's element. */
  userLabel?: string;
}
