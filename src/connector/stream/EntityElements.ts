import { Element, GeometricElement3d, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, RelatedElement, type ElementProps, type RelatedElementProps } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import { partOf, valueChecksOf, type ValueChecks } from "../../sync/values/ValueChecks.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { refuseMisspelt } from "../../sync/values/misspelt.js";
import { describeValue } from "../../sync/values/ValueFault.js";
import { normalizeClassName } from "../../imodel/classNames.js";
import type { UnitConversions } from "../schema/UnitConversions.js";
import type { ElementAspects, ItemState, NewAspectProps, SynchronizationResults } from "../../sync/items/SourceItem.js";
import type { JobDefinitions } from "./JobDefinitions.js";
import type { JobModels } from "./JobModels.js";
import {
  isNavigation,
  type ElementTree,
  type EntityContext,
  type EntityElement,
  type EntityReference,
  type LinkRelationship,
  type NewElementProps,
  type SourceEntity,
} from "./SourceEntity.js";

/** What the framework knows of an element beside what `toElement` makes. */
export interface EntityPlace {
  /** The entity, for messages. */
  owner: ValueOwner;
  itemState: ItemState;
  parent?: RelatedElementProps;
  navigations: Readonly<Record<string, RelatedElementProps>>;
  /** The element of an entity that it refers to, if it is there. */
  findTarget: (target: EntityReference) => Id64String | undefined;
}

/** What elements are made with. */
export interface ElementSources {
  models: JobModels;
  definitions: JobDefinitions;
  /** The names of the schemas that the connector describes. */
  schemas: readonly string[];
  /** Converts values into the units that the iModel has. */
  conversions: UnitConversions;
}

/** Makes elements of entities, and fills in what `toElement` leaves out. */
export class EntityElements {
  private readonly _is3d = new Map<string, boolean>();

  private readonly _models: JobModels;
  private readonly _definitions: JobDefinitions;
  private readonly _schemas: readonly string[];
  private readonly _conversions: UnitConversions;
  private readonly _checks: ValueChecks;

  public constructor(
    private readonly _imodel: IModelDb,
    { models, definitions, schemas, conversions }: ElementSources,
  ) {
    this._models = models;
    this._definitions = definitions;
    this._schemas = schemas;
    this._conversions = conversions;
    this._checks = valueChecksOf(_imodel);
  }

  /**
   * The element of an entity with its parts.
   * @throws ConnectorError `stream/no-element`, and as {@link ValueChecks}
   */
  public async make(entity: SourceEntity, place: EntityPlace): Promise<SynchronizationResults> {
    const made = entity.toElement(this._contextOf(place.parent?.id));
    const { parent, navigations, itemState, owner } = place;
    const tree = treeOf(made instanceof Promise ? await made : made, owner);
    const element = this._construct(tree.element, owner, { ...navigations, ...(parent && { parent }) });
    const results = { element, itemState, ...this._rest(tree, element.model, place) };
    this._checks.checkTree(results, owner);
    this._checkRelationships(entity, element.classFullName, place);
    this._checks.noteChecked(results);
    return results;
  }

  /** Of those to elements that are not there yet all but the target is checked, so that the entity can be skipped whole. */
  private _checkRelationships({ relationships = [] }: SourceEntity, className: string, place: EntityPlace): void {
    for (const relationship of relationships)
      if (isNavigation(relationship))
        this._checks.checkNavigation(className, relationship.property, undefined, place.owner);
      else this._checkLink(relationship, className, place);
  }

  private _checkLink({ className, target, properties = {} }: LinkRelationship, of: string, place: EntityPlace): void {
    this._checks.checkLink(className, properties, of, place.owner);
    const targetId = place.findTarget(target);
    if (targetId !== undefined) this._checks.checkLinkTarget(className, targetId, place.owner);
  }

  private _contextOf(parentId: Id64String | undefined): EntityContext {
    return {
      imodel: this._imodel,
      parentId,
      modelFor: (classFullName) => this._models.idForClass(classFullName),
      categoryId: (name) => this._definitions.categoryId(name),
      codeSpecId: (name) => this._definitions.codeSpecId(name),
    };
  }

  private _rest({ childElements, aspects }: ElementTree, model: Id64String, place: EntityPlace) {
    return {
      childElements: childElements?.map((part) => this._part(part, model, place)),
      ...(aspects && { aspects: this._aspects(aspects) }),
    };
  }

  /** What is no list of props is left to the check of values. */
  private _aspects(given: NonNullable<ElementTree["aspects"]>): ElementAspects {
    const convert = (aspect: NewAspectProps | undefined) =>
      typeof aspect?.classFullName === "string" ? this._conversions.convert(aspect.classFullName, aspect) : aspect;
    const props = Array.isArray(given) ? (given.map(convert) as NewAspectProps[]) : given;
    return { schemas: this._schemas, props };
  }

  private _part(made: ElementTree, model: Id64String, place: EntityPlace): SynchronizationResults {
    const owner = partOf(place.owner);
    const part = treeOf(made, owner);
    const props = part.element instanceof Element ? part.element : { model, ...part.element };
    return { element: this._construct(props, owner), itemState: place.itemState, ...this._rest(part, model, place) };
  }

  private _construct(
    given: Element | NewElementProps,
    owner: ValueOwner,
    related: Record<string, RelatedElementProps> = {},
  ): Element {
    return given instanceof Element
      ? Object.assign(this._conversions.convertElement(given), instancesOf(related))
      : this._constructOf(this._converted(withoutNulls(withColon(given))), owner, related);
  }

  private _converted(props: NewElementProps): NewElementProps {
    return this._conversions.convert(props.classFullName, props);
  }

  private _constructOf(
    made: NewElementProps,
    owner: ValueOwner,
    related: Readonly<Record<string, RelatedElementProps>>,
  ): Element {
    const needsCategory = this._checks.knowsClass(made.classFullName) && this._needsCategory(made);
    const given = { ...(needsCategory && { category: this._definitions.categoryId() }), ...made, ...related };
    this._checks.checkProps(given, owner);
    const model = made.model ?? this._models.idForClass(made.classFullName);
    const props = { code: Code.createEmpty(), ...given, model } as ElementProps;
    const element = this._imodel.constructEntity<Element>(props);
    this._checks.noteMade(element, given);
    const { elementGeometryBuilderParams } = made; // which the classes of core-backend take in props alone
    return elementGeometryBuilderParams ? Object.assign(element, { elementGeometryBuilderParams }) : element;
  }

  private _needsCategory({ classFullName, category }: NewElementProps): boolean {
    if (category !== undefined) return false;
    let is3d = this._is3d.get(classFullName);
    if (is3d === undefined) {
      const elementClass: { prototype: object } = this._imodel.getJsClass(classFullName);
      is3d = elementClass.prototype instanceof GeometricElement3d;
      this._is3d.set(classFullName, is3d);
    }
    return is3d;
  }
}

/** Null means no value; the classes of core-backend would make a point or a placement at the origin of it. */
function withoutNulls<T extends object>(props: T): T {
  for (const key in props)
    if (props[key] === null)
      return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== null)) as T;
  return props;
}

/** Props with the name of their class in the form that core-backend takes. */
function withColon(props: NewElementProps): NewElementProps {
  const { classFullName } = props;
  return classFullName.includes(":") ? props : { ...props, classFullName: normalizeClassName(classFullName) };
}

const treeKeys = ["element", "childElements", "aspects"];

/** @throws ConnectorError `stream/no-element` where a connector in JavaScript has returned something else */
function treeOf(made: EntityElement | undefined, owner: ValueOwner): ElementTree {
  const tree = isObject(made) ? ("classFullName" in made ? { element: made } : made) : undefined;
  if (isObject(tree?.element) && typeof tree.element.classFullName === "string") {
    if (tree !== made) return tree;
    refuseMisspelt(tree, treeKeys, owner);
    return tree;
  }
  throw new ConnectorError(
    "stream/no-element",
    `${owner.name} has no element: toElement returned ${describeValue(made)}.`,
    {
      source: owner.location,
      recovery: owner.recovery,
      advice: "Let toElement return an element, its props with classFullName, or an object with such an element.",
    },
  );
}

function isObject<T>(value: T | undefined): value is T & object {
  return typeof value === "object" && value !== null;
}

/** An element that exists takes objects, where props take plain data. */
function instancesOf(related: Record<string, RelatedElementProps>): Record<string, RelatedElement> {
  return Object.fromEntries(Object.entries(related).map(([name, props]) => [name, new RelatedElement(props)]));
}
