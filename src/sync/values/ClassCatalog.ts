import type { IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import {
  findClassId,
  linkRoots,
  primitiveType,
  propertyKind,
  readBaseClasses,
  readClassProperties,
  readCustomAttributes,
  readEnumeration,
  readSchemaState,
  readClassName,
  readConstraintClasses,
  type CustomAttributes,
  type PropertyInfo,
} from "../../imodel/classMetadata.js";
import { propsKeyOf } from "../../imodel/classNames.js";
import { queryIds, queryRows } from "../../imodel/queries.js";
import { isNoId, type GeometryDefinitions } from "./geometryDefinitions.js";
import { withinLimits, withinOccurs } from "./limits.js";
import { primitiveFaults, textFaults } from "./primitiveFaults.js";
import { isRecord } from "./shapes.js";
import { expecting, firstFault, type FaultFinder, type ValueFault } from "./ValueFault.js";

/** What an iModel takes for the properties of a class. */
export interface ClassRules {
  /** What is wrong with the value of a property, by the names that properties have in props. */
  readonly faultsOf: ReadonlyMap<string, FaultFinder>;
  /** Properties that must have a value. */
  readonly required: readonly string[];
  /** The names in props of properties that core-backend handles itself: it keeps some where an update clears them. */
  readonly handled: readonly string[];
}

/**
 * The properties with a `CustomHandledProperty` (BisCore) that props give like all others. The rest of the properties with
 * this attribute are given as ids or in other members, such as the placement; a wrong parent is refused.
 */
const handledByProps = new Set(["Description", "IsPrivate", "Name", "Rank", "RepositoryGuid", "TypeDefinition", "Url"]);

/** So many elements are remembered with their classes. */
const rememberedElements = 10_000;

/** What the end of a relationship can be. */
interface RelationshipEnd {
  /** The class of the relationship. */
  relationship: string;
  names: string[];
  classIds: Id64String[];
  /** Whether it is an element, and not a model or an aspect. */
  areElements: boolean;
}

/** The ends of a link-table relationship. */
type LinkEnds = Record<"source" | "target", RelationshipEnd>;

/** What values the classes of an iModel take, read from its metadata once for each class. */
export class ClassCatalog implements GeometryDefinitions {
  private readonly _rules = new Map<string, ClassRules | undefined>();
  private readonly _linkEnds = new Map<string, LinkEnds>();
  private readonly _elementClasses = new Map<Id64String, Id64String>();
  private readonly _definitionClasses = new Map<string, Id64String>();
  private readonly _categories = new Map<Id64String, Id64String>();
  private readonly _bases = new Map<Id64String, ReadonlySet<Id64String>>();

  private _state: string;

  public constructor(private readonly _imodel: IModelDb) {
    this._state = readSchemaState(_imodel);
  }

  /** The rules of a class, undefined if the iModel has no class of that name. */
  public rulesOf(className: string): ClassRules | undefined {
    if (!this._rules.has(className)) {
      const classId = findClassId(this._imodel, className);
      this._rules.set(className, classId === undefined ? undefined : this._readRules(classId));
    }
    return this._rules.get(className);
  }

  /** Whether there is an element of a class of BisCore. */
  public isOfClass(elementId: Id64String, className: string): boolean {
    const classId = this._classOfElement(elementId);
    if (classId === undefined) return false;
    let baseId = this._definitionClasses.get(className);
    if (baseId === undefined)
      this._definitionClasses.set(className, (baseId = findClassId(this._imodel, `BisCore:${className}`) ?? ""));
    return this._basesOf(classId).has(baseId);
  }

  /** The category of a SubCategory. */
  public categoryOf(subCategoryId: Id64String): Id64String | undefined {
    let category = this._categories.get(subCategoryId);
    if (category === undefined) {
      const ecsql = "SELECT Parent.Id FROM bis.SubCategory WHERE ECInstanceId=?";
      [category] = queryIds(this._imodel, ecsql, [subCategoryId]);
      if (category !== undefined) this._categories.set(subCategoryId, category);
    }
    return category;
  }

  /** Whether a class is one of link-table relationships. */
  public isLinkClass(className: string): boolean {
    const bases = this._basesOf(findClassId(this._imodel, className) ?? "");
    return linkRoots.some((root) => bases.has(findClassId(this._imodel, root) ?? ""));
  }

  /** What is wrong with the class of elements from which a link-table relationship leads. */
  public faultOfSource(className: string, elementClass: string): ValueFault | undefined {
    const { classIds, names } = this._endsOf(className).source;
    const classId = findClassId(this._imodel, elementClass);
    if (classId !== undefined && classIds.some((id) => this._basesOf(classId).has(id))) return undefined;
    return { property: "source", value: elementClass, expected: names.join(" or ") };
  }

  /** What is wrong with the element to which a link-table relationship leads. */
  public faultOfTarget(className: string, elementId: Id64String): ValueFault | undefined {
    const { target } = this._endsOf(className);
    if (this._isTarget(elementId, target)) return undefined;
    return { property: "target", value: elementId, expected: `the id of a ${target.names.join(" or ")}` };
  }

  /**
   * Forgets what it has read if a schema was imported since.
   * @returns whether it did
   */
  public forgetIfStale(): boolean {
    const state = readSchemaState(this._imodel);
    if (state === this._state) return false;
    this._state = state;
    this._rules.clear();
    this._linkEnds.clear();
    this._bases.clear();
    return true;
  }

  private _readRules(classId: Id64String): ClassRules {
    const properties = readClassProperties(this._imodel, classId);
    const attributes = readCustomAttributes(this._imodel, properties);
    const isHandled = ({ id }: PropertyInfo) => attributes.get(id)?.has("CustomHandledProperty") ?? false;
    const isRequired = ({ id }: PropertyInfo) => attributes.get(id)?.get("PropertyMap")?.IsNullable === false;
    const own = properties.filter((property) => !isHandled(property));
    const handled = properties.filter((property) => isHandled(property) && handledByProps.has(property.name));
    const faultsOf = [...own, ...handled].map((property): [string, FaultFinder] => {
      const faults = this._faultsOf(property, attributes.get(property.id) ?? new Map());
      return [propsKeyOf(property.name), faults];
    });
    const namesOf = (some: PropertyInfo[]) => some.map(({ name }) => propsKeyOf(name));
    return { faultsOf: new Map(faultsOf), required: namesOf(own.filter(isRequired)), handled: namesOf(handled) };
  }

  private _faultsOf(property: PropertyInfo, attributes: CustomAttributes): FaultFinder {
    switch (property.kind) {
      case propertyKind.navigation:
        return this._navigationFaults(property);
      case propertyKind.struct:
        return this._structFaults(property);
      case propertyKind.primitiveArray:
        return withinOccurs(arrayFaults(this._primitiveFaults(property, attributes)), property.limits);
      case propertyKind.structArray:
        return withinOccurs(arrayFaults(this._structFaults(property)), property.limits);
      default:
        return this._primitiveFaults(property, attributes);
    }
  }

  private _primitiveFaults(
    { type, extendedType, enumerationId, limits }: PropertyInfo,
    attributes: CustomAttributes,
  ): FaultFinder {
    if (enumerationId !== undefined) return this._enumerationFaults(enumerationId);
    const isDate = attributes.get("DateTimeInfo")?.DateTimeComponent === "Date";
    return withinLimits(primitiveFaults({ type, extendedType, isDate }), limits);
  }

  private _enumerationFaults(enumerationId: Id64String): FaultFinder {
    const { name, isStrict, isText, values } = readEnumeration(this._imodel, enumerationId);
    const faults = isText ? textFaults : primitiveFaults({ type: primitiveType.int });
    if (!isStrict) return faults;
    return expecting(`one of ${values.join(", ")}, the values of ${name}`, (value) => values.includes(value as never));
  }

  private _structFaults({ structId }: PropertyInfo): FaultFinder {
    const { faultsOf } = this._readRules(String(structId));
    return (value, property) => {
      if (!isRecord(value)) return { property, value, expected: "an object" };
      return firstFault(memberFaults(value, property, faultsOf));
    };
  }

  private _navigationFaults(property: PropertyInfo): FaultFinder {
    const relationshipId = String(property.relationshipId);
    const targets = this._readEnd(relationshipId, property.leadsForward);
    return (value, name) => {
      const { id, relClassName } = (value ?? {}) as { id?: unknown; relClassName?: unknown };
      if (typeof value !== "object" || typeof id !== "string" || !isIdOrNone(id))
        return { property: name, value, expected: "an object with the id of an element" };
      if (relClassName !== undefined && !this._isDerived(relClassName, relationshipId))
        return { property: `${name}.relClassName`, value: relClassName, expected: targets.relationship };
      if (isNoId(id) || this._isTarget(id, targets)) return undefined;
      return { property: name, value: id, expected: `the id of a ${targets.names.join(" or ")}` };
    };
  }

  private _endsOf(className: string): LinkEnds {
    let ends = this._linkEnds.get(className);
    if (ends === undefined) {
      const id = findClassId(this._imodel, className) ?? "";
      this._linkEnds.set(className, (ends = { source: this._readEnd(id, false), target: this._readEnd(id, true) }));
    }
    return ends;
  }

  private _readEnd(relationshipId: Id64String, isTarget: boolean): RelationshipEnd {
    const classIds = readConstraintClasses(this._imodel, relationshipId, isTarget ? "target" : "source");
    const elementId = findClassId(this._imodel, "BisCore:Element") ?? "";
    return {
      relationship: readClassName(this._imodel, relationshipId),
      names: classIds.map((id) => readClassName(this._imodel, id)),
      classIds,
      areElements: classIds.every((id) => this._basesOf(id).has(elementId)),
    };
  }

  private _isTarget(elementId: Id64String, { classIds, areElements }: RelationshipEnd): boolean {
    if (!areElements) return true;
    const classId = this._classOfElement(elementId);
    return classId !== undefined && classIds.some((id) => this._basesOf(classId).has(id));
  }

  /** Many elements lead to a few, such as their types, so that the last ones are remembered. */
  private _classOfElement(elementId: Id64String): Id64String | undefined {
    const known = this._elementClasses.get(elementId);
    if (known !== undefined) return known;
    const ecsql = "SELECT ECClassId FROM bis.Element WHERE ECInstanceId=?";
    const [classId] = queryRows(this._imodel, ecsql, [elementId], (row) => row.getValueId(0));
    if (this._elementClasses.size >= rememberedElements) this._elementClasses.clear();
    if (classId !== undefined) this._elementClasses.set(elementId, classId);
    return classId;
  }

  private _isDerived(className: unknown, baseId: Id64String): boolean {
    const classId = typeof className === "string" ? findClassId(this._imodel, className) : undefined;
    return classId !== undefined && this._basesOf(classId).has(baseId);
  }

  /** A class with all its base classes. */
  private _basesOf(classId: Id64String): ReadonlySet<Id64String> {
    let bases = this._bases.get(classId);
    if (bases === undefined) this._bases.set(classId, (bases = new Set(readBaseClasses(this._imodel, classId))));
    return bases;
  }
}

function isIdOrNone(id: string): boolean {
  return Id64.isValidId64(id) || isNoId(id);
}

/** An element of an array that is null would be left out. */
function arrayFaults(faults: FaultFinder): FaultFinder {
  return (value, property) => {
    if (!Array.isArray(value)) return { property, value, expected: "an array" };
    return firstFault(value.map((member: unknown, index) => faults(member, `${property}[${index}]`)));
  };
}

function* memberFaults(
  struct: Readonly<Record<string, unknown>>,
  property: string,
  faultsOf: ReadonlyMap<string, FaultFinder>,
): Iterable<ValueFault | undefined> {
  for (const [key, value] of Object.entries(struct)) {
    const faults = faultsOf.get(propsKeyOf(key));
    if (faults === undefined)
      yield {
        property: `${property}.${key}`,
        value,
        expected: `nothing: its members are ${[...faultsOf.keys()].join(", ")}`,
      };
    else if (value !== undefined && value !== null) yield faults(value, `${property}.${key}`);
  }
}
