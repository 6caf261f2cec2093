import { IfcConnector } from "./IfcConnector.js";

export default IfcConnector;

/** The connector, for `--connectorModule itwin-connector-ifc`. */
export function getConnectorInstance(): IfcConnector {
  return new IfcConnector();
}
