import { resolve } from "import-meta-resolve";
import { ConnectorError } from "../ConnectorError.js";

/**
 * Imports a package of this project that only some commands need, such as `itwin-connector-service`.
 * @throws ConnectorError `usage/missing-package` that says what to install
 */
export async function importOptionalPackage<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if (isInstalled(name)) throw error; // its own code is broken, or one of its dependencies is missing
    throw new ConnectorError("usage/missing-package", `This needs another package: npm install ${name}`, {
      cause: error,
    });
  }
}

function isInstalled(name: string): boolean {
  try {
    resolve(name, import.meta.url);
    return true;
  } catch {
    return false;
  }
}
