import { ConnectorError } from "itwin-connector-framework";

/**
 * Loads a package that only some services need.
 * @throws ConnectorError `service/missing-package`
 */
export async function importOptional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ConnectorError("service/missing-package", `The package ${name} is not installed.`, {
      advice: `Install it beside the service: npm install ${name}`,
      cause: error,
    });
  }
}
