import { ConnectorError, type SourceLocation } from "../ConnectorError.js";

/**
 * Does something with a coordinate system, and adds to an error where in the source the system was named.
 * @public
 */
export function withSource<T>(source: SourceLocation, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.source !== undefined) throw error;
    const { code, message, phase, advice, recovery, cause } = error;
    throw new ConnectorError(code, message, { phase, advice, recovery, cause, source });
  }
}
