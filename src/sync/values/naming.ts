import { ConnectorError } from "../../ConnectorError.js";
import type { ValueOwner } from "./ValueChecks.js";

/** Writes an element. If the iModel refuses it, the error says which item it is of. */
export function naming<T>({ name }: ValueOwner, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof ConnectorError) || !/^sync\/(insert|update)-failed$/.test(error.code)) throw error;
    const { code, message, advice, recovery, cause } = error;
    throw new ConnectorError(code, `${name}: ${message}`, { advice, recovery, cause });
  }
}
