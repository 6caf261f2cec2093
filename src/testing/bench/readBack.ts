import type { IModelDb } from "@itwin/core-backend";
import { Guid, type Id64String } from "@itwin/core-bentley";
import {
  Placement2d,
  Placement3d,
  type CodeProps,
  type ElementAspectProps,
  type ElementProps,
  type PlacementProps,
} from "@itwin/core-common";
import { isSameClass } from "../../imodel/classNames.js";
import type { ElementAspects } from "../../sync/items/SourceItem.js";
import { compareIds } from "../../sync/provenance/provenanceQueries.js";
import { describeValue } from "../../sync/values/ValueFault.js";
import { findGeometryLoss } from "./readBackGeometry.js";

/** Props of an element, by the names of its members. */
type Props = Readonly<Record<string, unknown>>;

/** Members that are not values of their own: the iModel decides them, or they come back under another name. */
const ignoredKeys = new Set(["id", "isInstanceOfEntity", "iModel", "elementGeometryBuilderParams", "geom", "bbox"]);

const ignoredAspectKeys = new Set(["classFullName", "element", "id"]);

/** Numbers that differ by less are the same, as far as angles and matrices can be kept. */
const tolerance = 1e-9;

/**
 * Reads an element and compares it with the props that it was written with.
 * @returns the values that the iModel does not hold as they were given, each in words
 */
export function findLosses(imodel: IModelDb, elementId: Id64String, given: Props): string[] {
  const held = imodel.elements.getElementProps<ElementProps & Props>({ id: elementId, wantGeometry: true });
  const losses = Object.keys(given)
    .filter((key) => !ignoredKeys.has(key) && !isHeldValue(key, given, held))
    .map((key) => describeLoss(key, given[key], held[key]));
  const lost = findGeometryLoss(given, held);
  return lost === undefined ? losses : [...losses, lost];
}

/**
 * Reads the aspects of an element of some schemas, and compares them with those that it was written with.
 * @returns what the iModel does not hold as it was given, in words
 */
export function findAspectLosses(
  imodel: IModelDb,
  elementId: Id64String,
  { schemas, props }: ElementAspects,
): string[] {
  const held = readAspects(imodel, elementId, schemas);
  const losses = props.flatMap((given) => {
    const at = held.findIndex((aspect) => isSameClass(aspect.classFullName, given.classFullName));
    const [aspect] = at < 0 ? [] : held.splice(at, 1);
    if (aspect === undefined) return [`its ${given.classFullName} is not in the iModel`];
    return Object.keys(given)
      .filter((key) => !ignoredAspectKeys.has(key) && !isSame(given[key], aspect[key]))
      .map((key) => describeLoss(`${given.classFullName}.${key}`, given[key], aspect[key]));
  });
  return [...losses, ...held.map(({ classFullName }) => `a ${classFullName} is in the iModel only`)];
}

/** In the order in which they were written. */
function readAspects(
  imodel: IModelDb,
  elementId: Id64String,
  schemas: readonly string[],
): (Props & ElementAspectProps)[] {
  const names = new Set(schemas.map((name) => name.toLowerCase()));
  return imodel.elements
    .getAspects(elementId)
    .filter(({ schemaName }) => names.has(schemaName.toLowerCase()))
    .sort((left, right) => compareIds(left.id, right.id))
    .map((aspect) => ({ ...aspect.toJSON() }));
}

function describeLoss(key: string, given: unknown, held: unknown): string {
  return `${key} is ${describeValue(given)} in the source and ${describeValue(held)} in the iModel`;
}

/** How many values {@link findLosses} compares. */
export function countValues(given: Props): number {
  return Object.keys(given).filter((key) => !ignoredKeys.has(key) && !isNothing(given[key])).length;
}

function isHeldValue(key: string, given: Props, held: Props): boolean {
  const value = given[key];
  if (isNothing(value)) return true;
  if (key === "placement") return held.geom === undefined || isSamePlacement(value, held.placement);
  if (key === "code") return isSame(withTextValue(value as CodeProps), held[key]);
  if (key === "classFullName") return isSameClass(String(value), String(held[key]));
  return isSame(value, held[key]);
}

/** The value of a code may be given as a number. */
function withTextValue(code: CodeProps): CodeProps {
  return typeof code.value === "number" ? { ...code, value: String(code.value) } : code;
}

/** An empty text, list or GUID is the same as none. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Compares values as JSON has them: instances as what they become, binary values as base64. */
function isSame(given: unknown, held: unknown): boolean {
  return isSameJson(jsonOf(given), jsonOf(held));
}

function jsonOf(value: unknown): unknown {
  const bytesAsText = function (this: Props, key: string, member: unknown) {
    const given = this[key]; // a Buffer has become an object by now
    return given instanceof Uint8Array ? textOfBytes(given) : member;
  };
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value, bytesAsText)) as unknown);
}

/** How bytes are written as text, in values and in JSON properties. */
const base64 = "encoding=base64;";

function textOfBytes(bytes: Uint8Array): string {
  return base64 + Buffer.from(bytes).toString("base64");
}

/** Base64 may leave out the signs that fill it up. */
function isSameBase64(given: string, held: string): boolean {
  if (!given.startsWith(base64)) return false;
  return textOfBytes(Buffer.from(given.slice(base64.length), "base64")) === held;
}

function isSameJson(given: unknown, held: unknown): boolean {
  if (isNothing(given)) return true;
  if (typeof given === "number" && typeof held === "number")
    return Math.abs(given - held) <= tolerance * Math.max(1, Math.abs(given));
  if (typeof given === "string") return isSameText(given, held);
  if (typeof given !== "object" || given === null) return given === held;
  const [members, heldMembers] = [membersOf(given), isObject(held) ? membersOf(held) : {}];
  return Object.keys(members).every((key) =>
    key === "relClassName"
      ? isSameClass(String(members[key]), String(heldMembers[key]))
      : isSameJson(members[key], heldMembers[key]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A point may be given as an array. */
function membersOf(value: object): Props {
  if (!Array.isArray(value) || value.length > 3 || value.some((member) => typeof member !== "number"))
    return value as Props;
  const [x, y, z] = value as number[];
  return { x, y, z };
}

/** Texts of dates and GUIDs come back in another form. Codes are trimmed. */
function isSameText(given: string, held: unknown): boolean {
  if (typeof held === "number") return Number(given) === held;
  if (typeof held !== "string") return false;
  const isGuid = Guid.isGuid(given) && given.toLowerCase() === held;
  return (
    given === held ||
    given.trim() === held ||
    isGuid ||
    isSameBase64(given, held) ||
    (isTime(given) && timeOf(given) === timeOf(held))
  );
}

function isTime(text: string): boolean {
  return /^-?\d{4}-\d\d-\d\d(T|$)/.test(text);
}

/** A time without a zone is in the same zone on both sides. */
function timeOf(text: string): number {
  return Date.parse(text.includes("T") && !text.endsWith("Z") ? `${text}Z` : text);
}

function isSamePlacement(given: unknown, held: unknown): boolean {
  const [left, right] = [given, held].map((placement) => transformOf(placement as PlacementProps));
  return left !== undefined && right !== undefined && left.isAlmostEqual(right);
}

function transformOf(placement: PlacementProps) {
  return ("angle" in placement ? Placement2d.fromJSON(placement) : Placement3d.fromJSON(placement)).transform;
}
