import type { IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import {
  ElementGeometry,
  ElementGeometryOpcode,
  GeometryParams,
  type ElementGeometryDataEntry,
  type ElementGeometryInfo,
  type GeometricElementProps,
} from "@itwin/core-common";
import { IModelJson, Transform } from "@itwin/core-geometry";
import type { References } from "./References.js";
import { comparableJson, withLabels, type Bag } from "./values.js";

/**
 * The geometry of an element or part as text that is the same on both sides when the geometry is the same.
 *
 * The streams themselves cannot be compared: they hold ids, and bytes that were never set. Taking them apart entry by
 * entry is twice as fast as reading them as JSON, which is left for the kinds of entries that are not known here. The
 * text of equal geometry may differ where one side has such an entry, so what differs is compared as JSON again.
 */
export function geometryText(imodel: IModelDb, elementId: Id64String, references: References): string {
  let text: string | undefined;
  const onGeometry = (info: ElementGeometryInfo) => void (text = entriesText(info, references));
  imodel.elementGeometryRequest({ elementId, onGeometry });
  return text ?? comparableJson(readGeometryJson(imodel, elementId), references);
}

/** Adds the entries of a geometry stream to a bag, as `geometry[0]` and so on. */
export function readGeometry(imodel: IModelDb, elementId: Id64String, references: References, bag: Bag): void {
  readGeometryJson(imodel, elementId).forEach((entry, index) =>
    bag.set(`geometry[${index}]`, { key: comparableJson(entry, references), shown: withLabels(entry, references) }),
  );
}

function readGeometryJson(imodel: IModelDb, id: Id64String): unknown[] {
  const { geom } = imodel.elements.getElementProps<GeometricElementProps>({
    id,
    wantGeometry: true,
    wantBRepData: true,
  });
  return geom ?? [];
}

/** Undefined where there is an entry of an unknown kind. */
function entriesText({ entryArray, viewIndependent }: ElementGeometryInfo, references: References): string | undefined {
  const texts = [viewIndependent ? "view independent" : ""];
  for (const entry of entryArray) {
    const text = entryText(entry, references);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.join("\n");
}

function entryText(entry: ElementGeometryDataEntry, references: References): string | undefined {
  if (ElementGeometry.isGeometryQueryEntry(entry)) return shapeText(entry);
  switch (entry.opcode) {
    case ElementGeometryOpcode.BasicSymbology:
    case ElementGeometryOpcode.Material:
      return appearanceText(entry, references);
    case ElementGeometryOpcode.PartReference:
      return partText(entry, references);
    case ElementGeometryOpcode.SubGraphicRange:
      return ""; // follows from the shape
    default:
      return undefined;
  }
}

function shapeText(entry: ElementGeometryDataEntry): string | undefined {
  const shape = ElementGeometry.toGeometryQuery(entry);
  return shape && JSON.stringify(IModelJson.Writer.toIModelJson(shape));
}

function appearanceText(entry: ElementGeometryDataEntry, references: References): string | undefined {
  const params = new GeometryParams(Id64.invalid);
  if (!ElementGeometry.updateGeometryParams(entry, params)) return undefined;
  return comparableJson(JSON.parse(JSON.stringify(params)), references);
}

function partText(entry: ElementGeometryDataEntry, references: References): string | undefined {
  const transform = Transform.createIdentity();
  const partId = ElementGeometry.toGeometryPart(entry, transform);
  return partId && `${references.of(partId)} ${JSON.stringify(transform)}`;
}
