/**
 * An element as a person recognizes it.
 * @public
 */
export interface ElementDescription {
  /** The item that it stands for, such as `Row "HV-1001"`; else its code or label; else its class and id. */
  label: string;
  /** Its class, such as `Generic:PhysicalObject`. */
  className: string;
  /** Its id in the iModel that has it; of an element that both have, the id in B. */
  id: string;
}

/**
 * One property that is not the same on both sides.
 * @public
 */
export interface PropertyDifference {
  /**
   * Where it is: `UserLabel`, `Origin.X`, `JsonProperties.Subject.Job.Bridge`, `geometry[1]`, `Kit:Note[0].Text` for
   * an aspect, `submodel.IsPrivate` for the model of an element.
   */
  property: string;
  /** Its value in A; undefined where A has none. References are shown as what they lead to. */
  a?: unknown;
  /** Its value in B; undefined where B has none. */
  b?: unknown;
}

/**
 * An element that both iModels have, with what differs.
 * @public
 */
export interface ElementDifference extends ElementDescription {
  /** Its id in A. */
  idInA: string;
  /** What differs; never empty. */
  properties: PropertyDifference[];
}

/**
 * A link-table relationship.
 * @public
 */
export interface RelationshipDescription {
  /** Its class, such as `BisCore:ElementGroupsMembers`. */
  className: string;
  /** The label of its source. */
  source: string;
  /** The label of its target. */
  target: string;
}

/**
 * A relationship that both iModels have, with what differs.
 * @public
 */
export interface RelationshipDifference extends RelationshipDescription {
  /** What differs; never empty. */
  properties: PropertyDifference[];
}

/**
 * A schema that is not the same on both sides.
 * @public
 */
export interface SchemaDifference {
  /** Its name. */
  name: string;
  /** Its version in A; undefined where A does not have it. */
  a?: string;
  /** Its version in B; undefined where B does not have it. */
  b?: string;
  /** What differs in its content, such as `Block.Material.typeName`. Empty where only one side has it. */
  properties: PropertyDifference[];
}

/**
 * What is only in one of two things, and what is in both but differs.
 * @public
 */
export interface Differences<Description, Difference> {
  /** What only A has. */
  onlyInA: Description[];
  /** What only B has. */
  onlyInB: Description[];
  /** What both have, with what differs. */
  changed: Difference[];
}

/**
 * What {@link compareIModels} found. `docs/compare.md` says what counts.
 * @public
 */
export interface IModelComparison {
  /** Whether nothing differs that counts. */
  isEqual: boolean;
  /** How many elements A and B have. */
  elementCounts: { a: number; b: number };
  /** What differs of the iModel itself: its extents, place on the earth, code specs and file properties. */
  iModel: PropertyDifference[];
  /** The schemas that differ. */
  schemas: SchemaDifference[];
  /** The elements that differ. */
  elements: Differences<ElementDescription, ElementDifference>;
  /** The link-table relationships that differ. */
  relationships: Differences<RelationshipDescription, RelationshipDifference>;
}
