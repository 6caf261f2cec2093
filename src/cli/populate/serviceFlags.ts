import type { Options } from "yargs";
import type { OutputFlags } from "../outputFlags.js";

/** Flags of the commands that talk to a service. */
export interface ServiceFlags extends OutputFlags {
  url?: string;
  token?: string;
  issuer?: string;
  clientId?: string;
  clientSecret?: string;
  credentials?: string;
  /** In seconds. */
  timeout?: number;
  retries?: number;
  quiet?: boolean;
  local?: boolean;
  data?: string;
  config?: string;
  wait?: boolean;
}

/** The default data directory of a service that is started for one command. */
export const defaultData = "service-data";

const service = "The service:";
const access = "Access to the service:";
const output = "Output:";

/** The parser makes a list of the values of a repeated flag; the last one counts. */
function last<T>(value: T | T[]): T | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}

const lastText: (value: string | string[]) => string | undefined = last;
const lastNumber: (value: number | number[]) => number | undefined = last;
const lastBoolean: (value: boolean | boolean[]) => boolean | undefined = last;

/** A flag with a text, in a group of the help. */
export const text = (group: string, describe: string) =>
  ({ type: "string", requiresArg: true, coerce: lastText, group, describe }) as const;
const number = (group: string, describe: string) =>
  ({ type: "number", requiresArg: true, coerce: lastNumber, group, describe }) as const;
/** A flag that is on or off, in a group of the help. */
export const boolean = (group: string, describe: string) =>
  ({ type: "boolean", coerce: lastBoolean, group, describe }) as const;

/** The flags of the commands that talk to a service. */
export const serviceFlags = {
  url: text(service, "URL of the service, such as https://api.bentley.com"),
  local: boolean(service, "Start a service on this machine for this command"),
  data: text(service, `With --local: its data directory (default ${defaultData})`),
  config: text(service, "With --local: its configuration file (default: the installed connectors)"),
  timeout: number(service, "Seconds to wait for a response (default 60)"),
  retries: number(service, "How often to repeat a failed request (default 5)"),
  token: text(access, "Access token (default: the variable ITWIN_TOKEN)"),
  credentials: text(access, "JSON file with clientId and clientSecret, as a service writes it"),
  clientId: text(access, "Client id (default: the variable ITWIN_CLIENT_ID)"),
  clientSecret: text(access, "Client secret; prefer the variable ITWIN_CLIENT_SECRET, which other users cannot see"),
  issuer: text(access, "URL of the token issuer (default: the variable ITWIN_ISSUER, then the service)"),
  json: boolean(output, "Print the result as JSON"),
  quiet: boolean(output, "Print only the result and errors"),
  verbose: boolean(output, "Print repeated requests, and the stack of an error"),
} satisfies Record<string, Options>;

/** The flag of the commands that start a run. */
export const waitFlag = {
  ...boolean(output, "Wait for the end of the run; --no-wait only starts it"),
  default: true,
} as const;

/** What the help says about the exit codes of these commands. */
export const runCodes = `Exit codes:
  0    Success; with --no-wait, the run was started
  1    the command failed before the end of the run
  2    wrong usage
  3    PartialSuccess
  4    Error
  5    Skipped
  6    Cancelled
  7    TimedOut
  8    with --no-wait: the iModel has another active run
  130  interrupted by Ctrl-C`;
