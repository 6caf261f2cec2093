import type { RecordColumns } from "itwin-connector-framework/internal";
import type { SourceErrors } from "itwin-connector-framework/tables";
import { positionsOf, type Feature, type Shape } from "../source/Feature.js";
import type { NumberedFeature } from "./FeatureFile.js";
import { isObject, type JsonObject } from "./JsonObject.js";
import { GeometryError, readGeometry } from "./readGeometry.js";

/**
 * A feature of GeoJSON as a feature of any source. Objects and lists among its properties are kept as JSON.
 * @throws ConnectorError `geospatial/bad-feature`
 */
export function readFeature(
  { number, feature }: NumberedFeature,
  columns: RecordColumns,
  errors: SourceErrors,
): Feature {
  const cells = columns.cellsOf(propertiesOf(feature), () => undefined);
  try {
    const shape = readGeometry(feature.geometry);
    return { number, id: idOf(feature), cells, shape: shape && hasPositions(shape) ? shape : undefined };
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error;
    throw errors.make("bad-feature", `The feature is not as GeoJSON has it: ${error.message}.`, {
      source: { entity: `record ${number}` },
      advice: "Correct the feature, or export the file again.",
    });
  }
}

function hasPositions(shape: Shape): boolean {
  return positionsOf(shape).next().done !== true;
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

function idOf({ id }: JsonObject): string | number | undefined {
  return (typeof id === "string" && id !== "") || typeof id === "number" ? id : undefined;
}
