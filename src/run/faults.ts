import { ConnectorError, messageOf, type RunPhase } from "../ConnectorError.js";

/** What a connector was asked to do in each phase in which it is called, as the end of "failed while it". */
const connectorTasks: Partial<Record<RunPhase, string>> = {
  load: "was being loaded",
  initialize: "was being initialized",
  source: "opened its source",
  schemas: "imported its schemas",
  job: "prepared its job",
  definitions: "imported its definitions",
  data: "synchronized its data",
};

/** An error that is no `ConnectorError`, and so the fault of the code that was at work, as the phase tells. */
export function faultIn(phase: RunPhase, error: unknown, connectorName: string): ConnectorError {
  const task = connectorTasks[phase];
  if (task !== undefined) return connectorFault(phase, error, `${connectorName} failed while it ${task}`);
  return new ConnectorError(`run/${phase}-failed`, `The run failed in its phase ${phase}: ${messageOf(error)}`, {
    phase,
    cause: error,
    advice: "This is a fault of the framework or of the platform: --verbose shows where; please report it.",
  });
}

/** The same for what is known to come from the connector. */
export function connectorFault(phase: RunPhase, error: unknown, what: string): ConnectorError {
  return new ConnectorError(`run/${phase}-failed`, `The connector ${what}: ${messageOf(error)}`, {
    phase,
    cause: error,
    advice: "This is a fault of the connector: --verbose shows where; tell its author.",
  });
}
