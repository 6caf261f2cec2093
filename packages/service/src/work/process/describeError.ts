import { ConnectorError, type RunPhase } from "itwin-connector-framework";
import { describeLocation } from "itwin-connector-framework/internal";
import { connectionOptionNames } from "../../platform/database/columns/ConnectionOptions.js";
import type { ErrorDescription } from "./messages.js";

/** What was thrown, in a form that can be sent and kept. */
export function describeError(thrown: unknown, phase: RunPhase, code: string): ErrorDescription {
  const error = ConnectorError.from(thrown, phase, code);
  return {
    code: error.code,
    message: error.message,
    phase: error.phase,
    location: describeLocation(error.source) || undefined,
    source: error.source,
    advice: error.advice && adviceForClients(error.advice),
    isRetriable: error.recovery === "retriable",
  };
}

/** The framework names the flags of its command line. Clients of the service have the options of a connection instead. */
function adviceForClients(advice: string): string {
  const named = connectionOptionNames.filter((name) => flagOf(name).test(advice));
  const text = named.reduce((result, name) => result.replace(flagOf(name), name), advice);
  return [
    text,
    ...named.map((name) => `${name} is one of the runOptions of the connection, and a setting of its configuration.`),
  ].join(" ");
}

/** The flag of an option: `--max-deletions`, or `--maxDeletions`. */
function flagOf(option: string): RegExp {
  return new RegExp(`--${option.replace(/[A-Z]/g, "-?$&")}\\b`, "gi");
}
