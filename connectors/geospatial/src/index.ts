import { GeospatialConnector } from "./GeospatialConnector.js";

export default GeospatialConnector;

/** The connector, for `--connectorModule itwin-connector-geospatial`. */
export function getConnectorInstance(): GeospatialConnector {
  return new GeospatialConnector();
}
