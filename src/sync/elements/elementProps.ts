import type { Element } from "@itwin/core-backend";
import {
  Placement2d,
  Placement3d,
  RelatedElement,
  type ElementProps,
  type GeometricElementProps,
  type PlacementProps,
} from "@itwin/core-common";
import { carriesGeometry } from "../values/geometryFaults.js";

/** Props of an element, with what it has beside them. */
type Props = GeometricElementProps & Record<string, unknown>;

/** What an update writes. */
export interface ElementUpdate {
  props: ElementProps;
  /**
   * The placement of an element without geometry. It is written after the rest, since the iModel clears it together with
   * the geometry.
   */
  placement?: PlacementProps;
}

/** What decides how an element is updated. */
export interface UpdateRules {
  /** The members that core-backend handles itself, see `ClassRules.handled`. */
  handled: readonly string[];
  /** Whether the iModel has JSON properties of the element. */
  hasJson: boolean;
}

/**
 * What an update gives members that it must clear, where undefined makes core-backend keep what they were.
 * Others are cleared by undefined.
 */
const nothing: Readonly<Record<string, unknown>> = {
  isPrivate: false,
  name: "",
  typeDefinition: RelatedElement.none,
  url: "",
};

/**
 * The properties of an element for an insert. The placement that core-backend gives an element without one is left out: it
 * would put the element at the iModel's origin, and into the spatial index. A geometry stream without geometry is left out
 * as well: the iModel would drop the placement that comes with it.
 * @param handled - see {@link UpdateRules}
 */
export function insertProps(element: Element, handled: readonly string[]): ElementProps {
  const props = propsOf(element, handled);
  if (isPlaced(element) && !carriesGeometry(props)) {
    delete props.geom;
    delete props.elementGeometryBuilderParams;
    if (isNowhere(element)) delete props.placement;
  }
  const wanted: Partial<Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(props)) if (value !== undefined && name !== "id") wanted[name] = value;
  return wanted as unknown as ElementProps;
}

/**
 * The properties of an element for an update, with what the update must clear. An element of the source is whole: what it
 * does not have, the iModel shall not keep. Geometry is kept where the element was read from the iModel, as its placement
 * with a range shows.
 */
export function elementUpdate(element: Element, { handled, hasJson }: UpdateRules): ElementUpdate {
  const props = propsOf(element, handled);
  Object.assign(props, { userLabel: element.userLabel, parent: element.parent });
  for (const key of handled) props[key] ??= nothing[key];
  if (hasJson) props.jsonProperties ??= {};
  if (!isPlaced(element) || !element.placement.bbox.isNull || carriesGeometry(props)) return { props };
  const { placement } = props;
  delete props.placement;
  delete props.geom;
  props.elementGeometryBuilderParams = { entryArray: [] };
  return { props, placement: isNowhere(element) ? undefined : placement };
}

/** An element that can have a placement. */
type PlacedElement = Element & { placement: Placement3d | Placement2d };

function isPlaced(element: Element): element is PlacedElement {
  const { placement } = element as Partial<PlacedElement>;
  return placement instanceof Placement3d || placement instanceof Placement2d;
}

/** Whether a placement says no more than that there is none. */
function isNowhere({ placement }: PlacedElement): boolean {
  return placement.bbox.isNull && placement.transform.isIdentity;
}

/**
 * The properties of an element as plain data, with the members that `Element.toJSON` leaves out. To look through class
 * instances instead takes core-backend a fifth of the time of an insert.
 */
function propsOf(element: Element, handled: readonly string[]): Props {
  const props = plainMembers(element.toJSON()) as unknown as Props;
  const members = element as unknown as Partial<Props>;
  for (const key of handled) if (props[key] === undefined) props[key] = members[key];
  const { elementGeometryBuilderParams } = members;
  if (elementGeometryBuilderParams) props.elementGeometryBuilderParams = elementGeometryBuilderParams;
  if (isPlaced(element)) props.placement = plainPlacement(element.placement);
  return props;
}

/** An empty range is left out: it is what an element has before its geometry is known. */
function plainPlacement(placement: Placement3d | Placement2d): PlacementProps {
  const { bbox, ...plain } = plainMembers(placement);
  return (placement.bbox.isNull ? plain : { ...plain, bbox }) as unknown as PlacementProps;
}

function plainMembers(object: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object) as [string, unknown][]) plain[name] = plainValue(value);
  return plain;
}

/** Bytes stay as they are: a `Buffer` would become an object with a list of numbers. */
function plainValue(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: () => unknown };
  return typeof toJSON !== "function" || value instanceof Uint8Array ? value : toJSON.call(value);
}
