import type { Element, IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { ElementProps } from "@itwin/core-common";
import type { SourceLocation } from "../../ConnectorError.js";
import type { NewAspectProps } from "../../sync/items/SourceItem.js";

/**
 * What identifies an entity of the source.
 * @public
 */
export interface EntityReference {
  /** What sort of entity it is: the name of its table or class. */
  kind: string;
  /** Its identifier, unique for its kind within its scope. */
  id: string;
  /** The id of the element within which kind and identifier are unique. Default: the document's RepositoryLink. */
  scope?: Id64String;
}

/**
 * The entity that another one is a child of.
 * @public
 */
export interface ParentReference extends EntityReference {
  /** The relationship between parent and child. Default: `BisCore:ElementOwnsChildElements`. */
  className?: string;
}

/**
 * A link-table relationship to another entity.
 * @public
 */
export interface LinkRelationship {
  /** The relationship class, as `Schema:Class`. An entity has at most one relationship of a class to the same target. */
  className: string;
  /** The entity at the other end. */
  target: EntityReference;
  /** The properties of the relationship itself. */
  properties?: Readonly<Record<string, unknown>>;
}

/**
 * A navigation property that leads to another entity. The framework sets it; `toElement` leaves it out.
 * @public
 */
export interface NavigationRelationship {
  /** The name of the navigation property. */
  property: string;
  /** The entity that the property refers to. */
  target: EntityReference;
  /** The relationship class, where that of the property has subclasses: `BisCore:PhysicalElementIsOfType`, say. */
  className?: string;
}

/**
 * That an entity refers to another one, which may come earlier or later in the stream.
 * @public
 */
export type EntityRelationship = LinkRelationship | NavigationRelationship;

/**
 * One entity of the source, as a connector hands it over.
 * @public
 */
export interface SourceEntity extends EntityReference {
  /** As in {@link SourceItem}: while it stays the same, nothing else is looked at. */
  version?: string;
  /** A hash of the content. Default: one of `data`. The parent and the relationships are always added to it. */
  checksum?: string;
  /** The entity that it is a child of. It may come later in the stream. */
  parent?: ParentReference;
  /** To which other entities it refers. Ones that are no longer given are removed from the iModel. */
  relationships?: readonly EntityRelationship[];
  /**
   * The content, as plain data: all that decides what the element looks like. The order of keys does not matter. It can be
   * left out only if there is a version or a checksum.
   */
  data?: unknown;
  /** Where it stands in the source, for messages. */
  location?: SourceLocation;
  /** What a person needs to correct it, for the file of rejects: the names and values of the source. Default: `data`. */
  record?: unknown;
  /**
   * Makes the element; called only for new and changed entities.
   * @throws ConnectorError with `recovery: "skippable"` to go on without the entity: it becomes an issue of the run, and
   * an element that the iModel has for it stays as it is
   */
  toElement(context: EntityContext): EntityElement | Promise<EntityElement>;
}

/**
 * What `toElement` makes: an element or its props, with or without parts.
 *
 * What props leave out is filled in: `model` by the base class of the element, `category` with the first one of the
 * definitions, `code` with an empty one, `parent` and the navigation properties from the entity.
 * @public
 */
export type EntityElement = Element | NewElementProps | ElementTree;

/**
 * The props of an element, whatever its class.
 * @public
 */
export type NewElementProps = Partial<ElementProps> & { classFullName: string } & Readonly<Record<string, unknown>>;

/**
 * An element with its parts and aspects, which live and die with it.
 * @public
 */
export interface ElementTree {
  /** The element itself, or its props. */
  element: Element | NewElementProps;
  /** Its parts, which become its child elements. Default: none. */
  childElements?: readonly ElementTree[];
  /**
   * Its aspects of the classes that the connector describes; those that the element had before go. Default: it keeps
   * what it has.
   */
  aspects?: readonly NewAspectProps[];
}

/**
 * What `toElement` can refer to.
 * @public
 */
export interface EntityContext {
  /** The iModel that the run writes to. */
  readonly imodel: IModelDb;
  /** The element of the parent, where the entity has one. */
  readonly parentId?: Id64String;
  /** The job's model for elements of a class, such as `BisCore:PhysicalElement`. */
  readonly modelFor: (classFullName: string) => Id64String;
  /** A category of the definitions. Default: the first one. */
  readonly categoryId: (name?: string) => Id64String;
  /** A code spec of the definitions. */
  readonly codeSpecId: (name: string) => Id64String;
}

/** Whether a relationship of an entity is a navigation property. */
export function isNavigation(relationship: EntityRelationship): relationship is NavigationRelationship {
  return (relationship as Partial<NavigationRelationship>).property !== undefined;
}

/** A text that identifies an entity. */
export function keyOfReference({ kind, id, scope }: EntityReference, documentId: Id64String): string {
  return `${scope ?? documentId} ${kind.length} ${kind} ${id}`;
}
