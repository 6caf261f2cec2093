import { ConnectorError, type RunPhase } from "itwin-connector-framework";
import { describeLocation } from "itwin-connector-framework/internal";
import type { ErrorDescription } from "./messages.js";

/** What was thrown, in a form that can be sent and kept. */
export function describeError(thrown: unknown, phase: RunPhase, code: string): ErrorDescription {
  const error = ConnectorError.from(thrown, phase, code);
  return {
    code: error.code,
    message: error.message,
    phase: error.phase,
    location: describeLocation(error.source) || undefined,
    advice: error.advice,
    isRetriable: error.recovery === "retriable",
  };
}
