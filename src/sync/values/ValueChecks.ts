import type { Element, IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { RelatedElement, type ElementProps, type RelatedElementProps } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import { parseClassName, propsKeyOf } from "../../imodel/classNames.js";
import { isId } from "../../imodel/isId.js";
import { readClassNames } from "../../imodel/classMetadata.js";
import { schemaOfAlias } from "../../imodel/schemaVersions.js";
import type { ElementAspects, NewAspectProps, SourceItem, SynchronizationResults } from "../items/SourceItem.js";
import { ClassCatalog, type ClassRules } from "./ClassCatalog.js";
import { elementRules, type ElementRules } from "./ElementRules.js";
import { carriesGeometry } from "./geometryFaults.js";
import { refuseMisspelt } from "./misspelt.js";
import { adviseName } from "./nearestName.js";
import { describeValue, type ValueFault } from "./ValueFault.js";
import type { ValueOwner } from "./ValueOwner.js";

/** Props of anything that has a class. */
type Props = Readonly<Record<string, unknown>>;

/** A property that a class does not have. */
interface UnknownProperty {
  property: string;
  expected: undefined;
}

/** Finds the rules of a class by its name. */
type RulesFinder = (className: string) => ElementRules | undefined;

/** The members of props that say which aspect or relationship it is. */
const identityKeys = new Set(["classFullName", "id", "element", "sourceId", "targetId", "isInstanceOfEntity"]);

/**
 * Checks values before they are written, against the classes that the iModel has. Without it the iModel drops what does
 * not fit, or stores another value, and reports nothing.
 */
export class ValueChecks {
  private readonly _catalog: ClassCatalog;
  private readonly _elementRules = new Map<string, ElementRules>();
  /** The same by the JavaScript classes of elements, since the name of a class is put together each time. */
  private _rulesOfJsClasses = new WeakMap<object, ElementRules>();
  /** Trees that were checked before they were handed over. */
  private readonly _checked = new WeakSet<SynchronizationResults>();
  /** The props that were checked, by the elements that were made of them. */
  private readonly _props = new WeakMap<Element, Props>();

  public constructor(private readonly _imodel: IModelDb) {
    this._catalog = new ClassCatalog(_imodel);
  }

  /**
   * Checks an element with its parts and aspects, which is about to be written.
   * @throws ConnectorError `sync/invalid-value`, `sync/unknown-property`, `sync/missing-value`, `sync/unknown-class`
   */
  public checkTree(results: SynchronizationResults, owner: ValueOwner): void {
    if (this._checked.has(results)) return;
    this.requireElement(results, owner);
    refuseUnknownMembers(results, owner);
    const { element, aspects, childElements = [] } = results;
    if (!this._props.has(element)) this.checkElement(element, owner);
    if (aspects !== undefined) this._checkAspects(aspects, owner);
    for (const part of childElements) this.checkTree(part, partOf(owner));
  }

  /**
   * Checks that there is an element to write. Connectors in JavaScript can give anything.
   * @throws ConnectorError `sync/no-element`
   */
  public requireElement(results: Partial<SynchronizationResults> | undefined, owner: ValueOwner): void {
    if (isElement(results?.element)) return;
    const given = describeValue(results === undefined ? results : results.element);
    throw this._error("sync/no-element", `${owner.name} has no element: it is ${given}.`, owner, {
      advice: "Give an element as `imodel.constructEntity` makes it.",
    });
  }

  /**
   * Checks that an element is in the iModel, as far as its id says.
   * @throws ConnectorError `sync/no-element`
   */
  public requireId(element: Element | undefined, owner: ValueOwner): void {
    if (element !== undefined && isId(element.id)) return;
    const given = element === undefined ? "undefined" : "an element without an id";
    throw this._error("sync/no-element", `${owner.name} has no element in the iModel: it is ${given}.`, owner, {
      advice: "Insert the element first, or give the id that it has.",
    });
  }

  private _checkAspects({ schemas, props }: Partial<ElementAspects>, owner: ValueOwner): void {
    if (!Array.isArray(schemas) || !Array.isArray(props))
      throw this._error("sync/invalid-value", `${owner.name}: the aspects have no schemas or no props.`, owner, {
        advice: "Give both as arrays: the schemas whose aspects are all listed, and the aspects.",
      });
    for (const aspect of props as readonly NewAspectProps[]) this.checkAspect(aspect, owner);
  }

  /** Checks the members of an element. Geometry without a placement cannot be told from one at the iModel's origin. */
  public checkElement(element: Element, owner: ValueOwner): void {
    const props = element as unknown as Props;
    const rules = this._rulesOfJsClasses.get(element.constructor);
    if (rules?.required.length === 0 && findFault(props, rules) === undefined) return;
    this._check(props, element.classFullName, owner, this._findElementRules);
    this._rulesOfJsClasses.set(element.constructor, expectDefined(this._findElementRules(element.classFullName)));
  }

  /** Whether the iModel has a class of elements. */
  public knowsClass(className: string): boolean {
    if (this._findElementRules(className) !== undefined) return true;
    return this._forgetIfStale() && this._findElementRules(className) !== undefined;
  }

  /** Checks the props of a new element, before the constructor of its class drops the properties that it does not know. */
  public checkProps(props: Partial<ElementProps> & { classFullName: string } & Props, owner: ValueOwner): void {
    this._check(props, props.classFullName, owner, this._findElementRules);
    const isPlaced = this._findElementRules(props.classFullName)?.faultsOf.has("placement") ?? false;
    if (isPlaced && (props.placement ?? undefined) === undefined && carriesGeometry(props))
      throw this._error("sync/missing-value", `${owner.name} has geometry but no placement.`, owner, {
        advice: "Give it a placement: the origin and the angles of its geometry.",
      });
  }

  /** The members of elements of a class that core-backend handles itself, see {@link ClassRules.handled}. */
  public handledOf(className: string): readonly string[] {
    return this._findElementRules(className)?.handled ?? [];
  }

  /** Notes that a tree was checked before it is handed over. */
  public noteChecked(results: SynchronizationResults): void {
    this._checked.add(results);
  }

  /** Notes that an element was made of props that were checked. */
  public noteMade(element: Element, props: Props): void {
    this._props.set(element, props);
  }

  /** The props that a connector gave for an element, if it gave props. */
  public propsOf(element: Element): Props | undefined {
    return this._props.get(element);
  }

  /** Checks the props of an aspect. */
  public checkAspect(aspect: NewAspectProps | undefined, owner: ValueOwner): void {
    if (typeof aspect?.classFullName !== "string")
      throw this._error("sync/invalid-value", `${owner.name} has an aspect that is ${describeValue(aspect)}.`, owner, {
        advice: "Give the props of an aspect, with classFullName.",
      });
    this._check(aspect, aspect.classFullName, owner, this._findRules);
  }

  /**
   * Checks a navigation property that is set apart from the rest of an element.
   * @param target - undefined if the element that it leads to is not known yet
   */
  public checkNavigation(
    className: string,
    property: string,
    target: RelatedElementProps | undefined,
    owner: ValueOwner,
  ): void {
    const props = { [propsKeyOf(property)]: target ?? RelatedElement.none };
    const findRules = () => {
      const rules = this._findRules(className);
      return rules && { ...rules, required: [] };
    };
    this._check(props, className, owner, findRules);
  }

  /** Checks the properties of a link-table relationship, and whether it can lead from elements of a class. */
  public checkLink(className: string, properties: Props, sourceClass: string, owner: ValueOwner): void {
    if (this._findRules(className) !== undefined && !this._catalog.isLinkClass(className))
      throw this._error(
        "sync/invalid-value",
        `${owner.name}: ${className} is no class of link-table relationships.`,
        owner,
        {
          advice:
            "Name one that is derived from BisCore:ElementRefersToElements. A navigation property goes by its name.",
        },
      );
    this._check(properties, className, owner, this._findRules);
    const fault = this._catalog.faultOfSource(className, sourceClass);
    if (fault !== undefined) throw this._invalidValue(fault, className, owner);
  }

  /** Checks the class of the element to which a link-table relationship leads. */
  public checkLinkTarget(className: string, targetId: Id64String, owner: ValueOwner): void {
    const fault = this._catalog.faultOfTarget(className, targetId);
    if (fault !== undefined) throw this._invalidValue(fault, className, owner);
  }

  private _check(props: Props, className: string, owner: ValueOwner, findRules: RulesFinder): void {
    let error = this._findError(props, className, owner, findRules(className));
    if (error !== undefined && this._forgetIfStale())
      error = this._findError(props, className, owner, findRules(className));
    if (error !== undefined) throw error;
  }

  private _forgetIfStale(): boolean {
    if (!this._catalog.forgetIfStale()) return false;
    this._elementRules.clear();
    this._rulesOfJsClasses = new WeakMap();
    return true;
  }

  private _findError(
    props: Props,
    className: string,
    owner: ValueOwner,
    rules: ElementRules | undefined,
  ): ConnectorError | undefined {
    if (rules === undefined) return this._unknownClass(className, owner);
    const fault = findFault(props, rules);
    if (fault === undefined) return this._missingValue(props, className, rules, owner);
    if (fault.expected !== undefined) return this._invalidValue(fault, className, owner);
    return this._unknownProperty(fault.property, className, rules, owner);
  }

  private _missingValue(props: Props, className: string, rules: ElementRules, owner: ValueOwner) {
    const missing = rules.required.find((key) => props[key] === undefined || props[key] === null);
    if (missing === undefined) return undefined;
    return this._error("sync/missing-value", `${owner.name} has no value for ${className}.${missing}.`, owner, {
      advice: "The schema requires one.",
    });
  }

  private readonly _findElementRules: RulesFinder = (className) => {
    let rules = this._elementRules.get(className);
    if (rules !== undefined) return rules;
    const found = this._catalog.rulesOf(className);
    if (found === undefined) return undefined;
    rules = elementRules(this._imodel, className, found, this._catalog);
    this._elementRules.set(className, rules);
    return rules;
  };

  private readonly _findRules: RulesFinder = (className) => {
    const rules: ClassRules | undefined = this._catalog.rulesOf(className);
    return rules && { ...rules, others: identityKeys };
  };

  private _unknownClass(className: string, owner: ValueOwner): ConnectorError {
    const { schema, name } = parseClassName(className, "");
    const known = readClassNames(this._imodel, schema);
    const meant = known.length === 0 ? schemaOfAlias(this._imodel, schema) : undefined;
    const missing = meant === undefined ? `Import the schema ${schema} first.` : `Use "${meant}:${name}".`;
    const advice = known.length === 0 ? missing : adviseName(name, known);
    return this._error(
      "sync/unknown-class",
      `${owner.name} has a class that the iModel does not have: ${className}.`,
      owner,
      { advice },
    );
  }

  private _unknownProperty(key: string, className: string, rules: ElementRules, owner: ValueOwner): ConnectorError {
    const known = [...rules.faultsOf.keys(), ...rules.others];
    return this._error("sync/unknown-property", `${owner.name}: ${className} has no property "${key}".`, owner, {
      advice: `${adviseName(key, known)} In props, the name of a property begins with a lower-case letter.`,
    });
  }

  private _invalidValue(
    { property, value, expected }: ValueFault,
    className: string,
    owner: ValueOwner,
  ): ConnectorError {
    const message = `${owner.name}: ${className}.${property} is ${describeValue(value)}, but must be ${expected}.`;
    return this._error("sync/invalid-value", message, owner, {
      advice: "Give a value as described, or leave the property out.",
    });
  }

  private _error(code: string, message: string, owner: ValueOwner, options: { advice: string }): ConnectorError {
    const { location: source, recovery } = owner;
    return new ConnectorError(code, message, { ...options, source, recovery });
  }
}

/**
 * The first value that the rules do not allow; without `expected`, the first property that they do not know. It is called
 * for each element, and makes nothing as long as it finds nothing.
 */
function findFault(props: Props, { faultsOf, others }: ElementRules): UnknownProperty | ValueFault | undefined {
  for (const key in props) {
    const value = props[key];
    if (value === undefined || others.has(key)) continue;
    const faults = faultsOf.get(key);
    if (faults === undefined && Object.hasOwn(props, key)) return { property: key, expected: undefined };
    const fault = value === null ? undefined : faults?.(value, key, props);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const resultsKeys = ["element", "itemState", "childElements", "aspects"];

/** Other frameworks for connectors call the aspects `elementAspects`. */
function refuseUnknownMembers(results: SynchronizationResults, owner: ValueOwner): void {
  refuseMisspelt(results, resultsKeys, owner, "sync/unknown-member");
  if ((results as { elementAspects?: unknown }).elementAspects === undefined) return;
  throw new ConnectorError("sync/unknown-member", `${owner.name} has an unknown member "elementAspects".`, {
    source: owner.location,
    recovery: owner.recovery,
    advice: 'Use "aspects", with the schemas whose aspects are all listed, and the props of the aspects.',
  });
}

const checksOf = new WeakMap<IModelDb, ValueChecks>();

/** The checks of an open iModel, the same ones for all that write to it, so that its classes are read once. */
export function valueChecksOf(imodel: IModelDb): ValueChecks {
  let checks = checksOf.get(imodel);
  if (checks === undefined) checksOf.set(imodel, (checks = new ValueChecks(imodel)));
  return checks;
}

/** It may come from another copy of core-backend. */
function isElement(value: unknown): value is Element {
  const { classFullName, toJSON } = (value ?? {}) as Partial<Element>;
  return typeof classFullName === "string" && typeof toJSON === "function";
}

/** The owner of the values of an item's element. */
export function ownerOfItem(kind: string, item: SourceItem): ValueOwner {
  return new ItemOwner(kind, item);
}

/** Its name is put together only for an error. */
class ItemOwner implements ValueOwner {
  public constructor(
    private readonly _kind: string,
    private readonly _item: SourceItem,
  ) {}

  public get name(): string {
    return `${this._kind} "${this._item.id}"`;
  }
}

/** The owner of the values of an element without an item. */
export function ownerOfResults(results: Partial<SynchronizationResults> | undefined): ValueOwner {
  const element = results?.element;
  if (!isElement(element)) return { name: "An item" };
  const { classFullName, userLabel } = element;
  return { name: userLabel ? `${classFullName} "${userLabel}"` : `A ${classFullName}` };
}

/** The owner of the values of a part. */
export function partOf(owner: ValueOwner): ValueOwner {
  const { name, location, recovery } = owner;
  return { name: name.startsWith("A part of ") ? name : `A part of ${name}`, location, recovery };
}
