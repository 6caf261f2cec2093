import { ConnectorError } from "itwin-connector-framework";

/** Nothing of an iModel can be in tiles. @param file - the path of the iModel */
export function noSpatialGeometry(file: string): ConnectorError {
  return new ConnectorError("viewer/no-geometry", "No element in space has geometry that can be shown.", {
    source: { file },
    advice: "Export drawings and sheets as glb.",
  });
}
