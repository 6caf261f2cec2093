import { XlsxConnector } from "./XlsxConnector.js";

export default XlsxConnector;

/** The connector, for `--connectorModule itwin-connector-xlsx`. */
export function getConnectorInstance(): XlsxConnector {
  return new XlsxConnector();
}
