import { CsvConnector } from "./CsvConnector.js";

export default CsvConnector;

/** The connector, for `--connectorModule itwin-connector-csv`. */
export function getConnectorInstance(): CsvConnector {
  return new CsvConnector();
}
