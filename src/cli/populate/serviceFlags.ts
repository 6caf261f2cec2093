import type { Options } from "yargs";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { readJson } from "../../files/readJson.js";
import { clientCredentials, fixedToken, type TokenSource } from "itwin-connector-client";
import type { OutputFlags } from "../report.js";

/** What commands take that talk to a service. */
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

/** Where a service that is started for one command keeps what it has, unless it is told. */
export const defaultData = "service-data";

const place = "The service:";
const access = "Access to it:";
const output = "What to show:";

const text = (group: string, describe: string): Options => ({ type: "string", requiresArg: true, group, describe });

/** The flags of commands that talk to a service. */
export const serviceFlags = {
  url: text(place, "The URL of the service, such as https://api.bentley.com"),
  local: { type: "boolean", group: place, describe: "Start a service for this one call; it needs no network" },
  data: text(place, `Where that service keeps what it has (default ${defaultData})`),
  config: text(place, "Its configuration, which names connectors; the usual ones without"),
  timeout: {
    type: "number",
    requiresArg: true,
    group: place,
    describe: "How long to wait for an answer, in seconds (default 60)",
  },
  retries: {
    type: "number",
    requiresArg: true,
    group: place,
    describe: "How often a request that failed is repeated (default 5)",
  },
  token: text(access, "An access token; or the variable ITWIN_TOKEN"),
  credentials: text(access, "A JSON file with clientId and clientSecret, as services write it"),
  clientId: text(access, "The id of a client; or ITWIN_CLIENT_ID"),
  clientSecret: text(access, "Its secret; better in ITWIN_CLIENT_SECRET, where nobody sees it"),
  issuer: text(access, "The URL of its issuer; or ITWIN_ISSUER (default: the service)"),
  json: { type: "boolean", group: output, describe: "Print the result as JSON" },
  quiet: { type: "boolean", group: output, describe: "Print nothing but the result and errors" },
  verbose: { type: "boolean", group: output, describe: "Print requests that are repeated, and the stack of an error" },
} satisfies Record<string, Options>;

/** The flag of commands that start runs. Yargs reads `--no-wait` as its contrary. */
export const waitFlag: Options = {
  type: "boolean",
  default: true,
  group: output,
  describe: "Wait for the end of the run; --no-wait does not",
};

/** Of a flag that was given twice, the last one counts; `files` and `connectorType` are lists. */
export function withSingleFlags(parsed: Record<string, unknown>): Record<string, unknown> {
  const isList = (name: string) => ["files", "connectorType", "connector-type", "_"].includes(name);
  const single = Object.entries(parsed).map(([name, value]): [string, unknown] => {
    return [name, Array.isArray(value) && !isList(name) ? value.at(-1) : value];
  });
  return Object.fromEntries(single);
}

/**
 * Where a client gets its tokens, as the flags say; as the environment says where they do not.
 * @throws ConnectorError `usage/token`
 */
export async function tokensFor(url: string, flags: ServiceFlags): Promise<TokenSource> {
  const { ITWIN_TOKEN, ITWIN_ISSUER } = process.env;
  const isClientGiven = flags.credentials !== undefined || flags.clientId !== undefined;
  const token = flags.token ?? (isClientGiven ? undefined : ITWIN_TOKEN);
  if (token) return fixedToken(token);
  return clientCredentials({ issuer: flags.issuer ?? ITWIN_ISSUER ?? url, ...(await clientOf(flags)) });
}

async function clientOf({ credentials, ...flags }: ServiceFlags): Promise<Credentials> {
  if (credentials !== undefined) return readCredentials(credentials);
  const { ITWIN_CLIENT_ID, ITWIN_CLIENT_SECRET } = process.env;
  const { clientId = ITWIN_CLIENT_ID, clientSecret = ITWIN_CLIENT_SECRET } = flags;
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw new ConnectorError("usage/token", "There is nothing to sign in with.", {
    phase: "arguments",
    advice: "Give --token, --credentials FILE, or --client-id with ITWIN_CLIENT_SECRET; or use --local.",
  });
}

/** What a service writes for its owner, or a file of the same form. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
  iTwinId?: string;
}

/** @throws ConnectorError `usage/credentials` */
export async function readCredentials(path: string): Promise<Credentials> {
  try {
    const credentials = (await readJson(path)) as Credentials;
    if (typeof credentials.clientId === "string" && typeof credentials.clientSecret === "string") return credentials;
    throw new Error("clientId or clientSecret is missing");
  } catch (error) {
    throw new ConnectorError("usage/credentials", `The credentials cannot be read: ${messageOf(error)}`, {
      phase: "arguments",
      cause: error,
      source: { file: path },
      advice: 'The form is { "clientId": "…", "clientSecret": "…" }.',
    });
  }
}
