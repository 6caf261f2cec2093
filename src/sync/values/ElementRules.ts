import {
  GeometricElement2d,
  GeometricElement3d,
  GeometryPart,
  ViewDefinition,
  type Entity,
  type IModelDb,
} from "@itwin/core-backend";
import { bareEntity } from "../../imodel/bareEntity.js";
import { geometryDataFaults } from "./geometryData.js";
import type { GeometryDefinitions } from "./geometryDefinitions.js";
import { finiteNumbers, geometryStreamFaults, placementFaults } from "./geometryFaults.js";
import type { ClassRules } from "./ClassCatalog.js";
import { federationGuidFaults, numberFaults, textFaults } from "./primitiveFaults.js";
import { unknownMember } from "./shapes.js";
import { expecting, type FaultFinder } from "./ValueFault.js";

/** What an iModel takes for an element of a class, as props or as an instance. */
export interface ElementRules extends ClassRules {
  /** Members without a check: core-backend's classes take them in, or the iModel refuses wrong ones by itself. */
  readonly others: ReadonlySet<string>;
}

const faultsOfElements: [string, FaultFinder][] = [
  ["code", codeFaults],
  ["federationGuid", federationGuidFaults],
  ["jsonProperties", jsonObjectFaults],
  ["parent", expecting("an object with the id of an element", isRelated)],
  ["userLabel", textFaults],
];

/** Adds to the rules of a class what all elements have, and what core-backend's class for it takes in. */
export function elementRules(
  imodel: IModelDb,
  className: string,
  { faultsOf, required, handled }: ClassRules,
  definitions: GeometryDefinitions,
): ElementRules {
  const bare = bareEntity(imodel, className);
  const ofClass = [...geometricFaults(bare, definitions), ...viewFaults(bare)];
  const checked = new Map([...faultsOf, ...faultsOfElements, ...ofClass]);
  const members = [...Object.keys(bare), "classFullName", "elementGeometryBuilderParams"];
  return { faultsOf: checked, required, handled, others: new Set(members.filter((name) => !checked.has(name))) };
}

function geometricFaults(element: Entity, definitions: GeometryDefinitions): [string, FaultFinder][] {
  const data: [string, FaultFinder] = ["elementGeometryBuilderParams", geometryDataFaults];
  if (element instanceof GeometryPart)
    return [["geom", geometryStreamFaults({ dimensions: undefined, definitions })], data];
  const is2d = element instanceof GeometricElement2d;
  if (!is2d && !(element instanceof GeometricElement3d)) return [];
  const dimensions = is2d ? 2 : 3;
  return [
    ["geom", geometryStreamFaults({ dimensions, definitions })],
    ["placement", placementFaults(dimensions)],
    data,
  ];
}

/** The members of views that are numbers, or consist of them: NaN becomes zero. */
const viewKeys = ["angle", "angles", "camera", "delta", "extents", "origin"];

function viewFaults(element: Entity): [string, FaultFinder][] {
  return element instanceof ViewDefinition ? viewKeys.map((key) => [key, finiteNumbers]) : [];
}

/** Whether the parent exists and may have children, the iModel checks by itself. */
function isRelated(value: unknown): boolean {
  return typeof value === "object" && typeof (value as { id?: unknown }).id === "string";
}

/** The members of a code, as props and as an instance. */
const codeKeys: ReadonlySet<string> = new Set(["spec", "scope", "value", "_value"]);

/** The iModel refuses a code without a spec and a scope; of its value it drops what it cannot hold. */
function codeFaults(value: unknown, property: string) {
  if (typeof value !== "object") return { property, value, expected: "a Code" };
  for (const key in value)
    if (!codeKeys.has(key) && Object.hasOwn(value, key))
      return unknownMember(`${property}.${key}`, (value as Record<string, unknown>)[key], ["spec", "scope", "value"]);
  const { value: text } = value as { value?: unknown };
  if (text === undefined || text === "" || typeof text === "number") return undefined;
  return textFaults(text, `${property}.value`);
}

/** A text would be taken apart into its letters. */
function jsonObjectFaults(value: unknown, property: string): ReturnType<FaultFinder> {
  const isObject = typeof value === "object" && !Array.isArray(value);
  return isObject ? jsonFaults(value, property) : { property, value, expected: "an object" };
}

/** JSON has no NaN and no infinities: both become null. */
function jsonFaults(value: unknown, property: string): ReturnType<FaultFinder> {
  switch (typeof value) {
    case "string":
      return textFaults(value, property);
    case "number":
      return numberFaults(value, property);
    case "object":
      return value === null ? undefined : objectFault(value, property);
    case "bigint":
    case "function":
    case "symbol":
      return { property, value, expected: "a value of JSON" };
    default:
      return undefined;
  }
}

function objectFault(value: object, property: string): ReturnType<FaultFinder> {
  if (!isJsonObject(value)) return { property, value, expected: "a value of JSON" };
  return isTakenWhole(value) ? undefined : memberFault(value as Readonly<Record<string, unknown>>, property);
}

/** Of an object that keeps what it is in no members, such as a map or a URL, the iModel holds nothing. */
function isJsonObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || Array.isArray(value) || isTakenWhole(value)) return true;
  const { toJSON } = value as { toJSON?: unknown };
  const isOfMembers = Object.prototype.toString.call(value) === "[object Object]";
  return isOfMembers && (typeof toJSON !== "function" || Object.keys(value).length > 0);
}

/** Dates become texts, and bytes Base64. */
function isTakenWhole(value: object): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function memberFault(value: Readonly<Record<string, unknown>>, property: string): ReturnType<FaultFinder> {
  for (const key in value) {
    const path = Array.isArray(value) ? `${property}[${key}]` : `${property}.${key}`;
    const fault = Object.hasOwn(value, key) ? jsonFaults(value[key], path) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
