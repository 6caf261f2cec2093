import { importOptionalPackage } from "../files/optionalPackage.js";

/**
 * Loads the service.
 * @throws ConnectorError `usage/missing-package`
 */
export async function loadService(): Promise<typeof import("itwin-connector-service")> {
  return importOptionalPackage("itwin-connector-service");
}

/**
 * Loads the viewer.
 * @throws ConnectorError `usage/missing-package`
 */
export async function loadViewer(): Promise<typeof import("itwin-connector-viewer")> {
  return importOptionalPackage("itwin-connector-viewer");
}

/**
 * Loads a module of the command line that imports the client.
 * @throws ConnectorError `usage/missing-package`
 */
export async function loadWithClient<T>(load: () => Promise<T>): Promise<T> {
  await importOptionalPackage("itwin-connector-client");
  return load();
}
