import type { Id64String } from "@itwin/core-bentley";
import type { KnownElement } from "../../sync/items/SourceItem.js";
import type { EntityReference } from "./SourceEntity.js";

/** The entity that a reference leads to, with the element that stands for it. */
export interface MadeTarget {
  target: EntityReference;
  targetId: Id64String;
}

/** A link-table relationship that the framework has made for an entity. */
export interface MadeLink extends MadeTarget {
  /** As `Schema:Class`. */
  className: string;
  /** A hash of its properties, where it has any. */
  properties?: string;
}

/** An element with the ExternalSourceAspect that says what it stands for. */
export type ElementWithAspect = Pick<KnownElement, "elementId" | "aspectId">;

/** The references that the framework has made for an entity. */
export interface MadeReferences extends ElementWithAspect {
  /** The scope of the entity. */
  scopeId: Id64String;
  links: MadeLink[];
  /** By the names of the navigation properties. */
  navigations: Map<string, MadeTarget>;
}

/** The targets of all references of an element. */
export function targetIdsOf({ links, navigations }: MadeReferences): Id64String[] {
  return [...links, ...navigations.values()].map(({ targetId }) => targetId);
}
