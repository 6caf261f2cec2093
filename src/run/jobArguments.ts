import { existsSync, readFileSync } from "node:fs";
import type { AccessToken } from "@itwin/core-bentley";
import yargs, { type Argv, type Options } from "yargs";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { RunOptions } from "./RunOptions.js";
import { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** What the arguments of a command line ask for. */
export interface JobArguments {
  jobDefArgs: ConnectorJobDefArgs;
  serverArgs?: ServerArgs | IModelBankArgs;
  options: RunOptions;
}

const defaults = new ConnectorJobDefArgs();

const text = (group: string, describe: string): Options => ({ type: "string", requiresArg: true, group, describe });
const number = (group: string, describe: string): Options => ({ type: "number", requiresArg: true, group, describe });
const flag = (group: string, describe: string, value?: boolean): Options => ({
  type: "boolean",
  group,
  describe,
  default: value,
});

const job = "What to do:";
const source = "The source:";
const target = "The iModel:";
const versioned = "A versioned iModel:";

/** A flag for each field of `ConnectorJobDefArgs`, in the order in which the help shows them. */
const jobFlags: Record<keyof ConnectorJobDefArgs, Options> = {
  connectorModule: text(job, "The connector: path of a module, or name of a package"),
  argsJson: text(job, "Arguments for the connector: JSON, or path of a JSON file"),
  doDetectDeletedElements: flag(
    job,
    "Delete elements of entities that vanished from the source",
    defaults.doDetectDeletedElements,
  ),
  allDocsProcessed: flag(
    job,
    "This is the last document: fit the project extents (without --connectorModule, do only that)",
    defaults.allDocsProcessed,
  ),
  revisionComments: text(job, "Heads the description under which the run is saved"),
  sourcePath: text(source, "The source file"),
  dmsServerUrl: text(source, "Fetch the source file from this http, https or file URL first"),
  dmsAccessToken: text(source, "The token for --dmsServerUrl"),
  documentGuid: text(source, "The GUID of the source document, by which it stays the same when it is moved or renamed"),
  outputDir: text(target, "The folder for the iModel; made if it is missing"),
  isSnapshot: flag(target, "Make a snapshot, not an editable standalone iModel", defaults.isSnapshot),
  updateDbProfile: flag(target, "Allow an upgrade of the iModel's file format", defaults.updateDbProfile),
  updateDomainSchemas: flag(target, "Allow an upgrade of the domain schemas", defaults.updateDomainSchemas),
};

const runFlags: Record<keyof RunOptions, Options> = {
  dryRun: flag(job, "Do everything, say what would change, and leave the iModel as it was", false),
  documentName: text(source, "What the document is called, where --sourcePath is only a copy of it"),
  documentAttributes: text(
    source,
    "A JSON file with a class and properties for the document's element, and their schema",
  ),
  documentProperties: text(source, "A JSON file with what else is known of the document"),
  unmap: flag(job, "Remove all that the document brought, instead of bringing it up to date", false),
  cacheDirectory: text(source, "Where fetched sources and briefcases are kept"),
  lockRetries: number(versioned, "How often to ask again for a lock that another run holds (default 60)"),
  lockRetryDelay: number(versioned, "How long to wait in between, in milliseconds (default 2000)"),
  useGeographicCoordinateSystems: flag(
    target,
    "Look up coordinate systems in the cloud (15 s where there is no network)",
    false,
  ),
};

const serverFlags = {
  iModelBankUrl: text(versioned, "The bank that the iModel is in: the path or file: URL of its folder"),
  iModelName: text(versioned, "The iModel, by its name"),
  iModelId: text(versioned, "The iModel, by its id"),
  createiModel: flag(versioned, "Create the iModel if there is none of this name", false),
  contextId: text(versioned, "The iTwin on iModelHub, by its id"),
  contextName: text(versioned, "The iTwin on iModelHub, by its name"),
  environment: text(versioned, "The environment of iModelHub: PROD, QA or DEV (default PROD)"),
  accessTokenFile: text(versioned, "The file with the access token for iModelHub; read again when it was refused"),
} satisfies Record<string, Options>;

type ServerFlags = Partial<Record<keyof typeof serverFlags, string>>;

/** The spellings of the framework's earlier command lines. */
const olderSpellings: Record<string, string> = {
  "--fwk-input": "--sourcePath",
  "--fwk-output": "--outputDir",
  "--fwk-connector-library": "--connectorModule",
  "--fwk-create-repository-if-necessary": "--createiModel",
  "--snapshot": "--isSnapshot",
  "--server-repository": "--iModelName",
  "--server-project": "--contextName",
  "--server-project-guid": "--contextId",
  "--server-environment": "--environment",
  "--server-accessToken": "--accessTokenFile",
  "--imodel-bank-url": "--iModelBankUrl",
  "--dms-inputFileUrn": "--dmsServerUrl",
  "--dms-accessToken": "--dmsAccessToken",
  "--dms-documentGuid": "--documentGuid",
};

/** Adds the flags of a job to a command. */
export function withJobFlags(command: Argv): Argv {
  return command.options({ ...jobFlags, ...runFlags, ...serverFlags });
}

/**
 * How each command line is read: what is not known, and a number that is none, is refused with a `ConnectorError` of the
 * code `usage/arguments`, and of a flag that is given twice the last one counts, so that what `@file` says can be
 * overridden.
 */
export function readStrictly(parser: Argv): Argv {
  return parser
    .parserConfiguration({ "duplicate-arguments-array": false })
    .strict()
    .exitProcess(false)
    .check((parsed) => refuseBadNumbers(parsed))
    .fail((message: string | null, error: unknown) => {
      throw ConnectorError.from(
        message?.replaceAll(/\s*\n\s*/g, " ") ?? error,
        "arguments",
        "usage/arguments",
        "See connector-runner --help.",
      );
    });
}

/**
 * Arguments as today's flags: `@file` replaced by the lines of the file, older spellings by the current ones.
 * @throws ConnectorError `usage/...`
 */
export function normalizeArguments(args: string[]): string[] {
  const given = args.flatMap((arg) => (arg.startsWith("@") ? readArgumentFile(arg.slice(1)) : [arg]));
  const current = given.map(toCurrentSpelling);
  refuseOtherThanBoolean(current, { ...jobFlags, ...runFlags, ...serverFlags });
  return current;
}

/**
 * Refuses values of flags that can only be true or false; the parser takes any other for false, so that a run which was
 * meant to be a dry one would write.
 * @throws ConnectorError `usage/arguments`
 */
export function refuseOtherThanBoolean(args: string[], flags: Record<string, Options>): void {
  for (const arg of args) {
    const [, name = "", value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    const isBoolean =
      flags[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]?.type === "boolean";
    if (!isBoolean || value === "true" || value === "false") continue;
    throw new ConnectorError("usage/arguments", `--${name} is true or false, not "${value}".`, {
      advice: "See connector-runner --help.",
    });
  }
}

/** The parser makes NaN of what is no number. All numbers here count something, or are a length of time. */
function refuseBadNumbers(parsed: Record<string, unknown>): true {
  const isBad = (value: unknown) => typeof value === "number" && !(value >= 0 && value < Infinity);
  const name = Object.keys(parsed).find((key) => !key.includes("-") && isBad(parsed[key])); // each is there in kebab case too
  if (name === undefined) return true;
  throw new ConnectorError("usage/arguments", `${name} is a number, and not less than 0.`, {
    advice: "See connector-runner --help.",
  });
}

/**
 * Reads the arguments of a command line.
 * @throws ConnectorError `usage/...`
 */
export function parseJobArguments(args: string[]): JobArguments {
  const parser = withJobFlags(readStrictly(yargs([])))
    .help(false)
    .version(false);
  return toJobArguments(parser.parseSync(normalizeArguments(args)));
}

/** The job that parsed flags describe. */
export function toJobArguments(parsed: Record<string, unknown>): JobArguments {
  const jobDefArgs = Object.assign(new ConnectorJobDefArgs(), pick(parsed, Object.keys(jobFlags)));
  if (typeof parsed.argsJson === "string") jobDefArgs.argsJson = readArgsJson(parsed.argsJson);
  const options = pick(parsed, Object.keys(runFlags));
  for (const name of ["documentAttributes", "documentProperties"])
    if (typeof options[name] === "string") options[name] = readArgsJson(options[name], name);
  return { jobDefArgs, serverArgs: toServerArgs(parsed), options };
}

function pick(parsed: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => parsed[name] !== undefined).map((name) => [name, parsed[name]]));
}

function readArgumentFile(path: string): string[] {
  const lines = readText(path, "usage/argument-file", "argument file").split(/\r?\n/);
  // There is no shell to take quotes away.
  return lines.map((line) => line.trim().replace(/^([^"]*)"(.*)"$/, "$1$2")).filter((line) => line !== "");
}

function toCurrentSpelling(arg: string): string {
  const [, name, value] = /^(--[^=]+)(=.*)?$/s.exec(arg) ?? [];
  const current = name === undefined ? undefined : olderSpellings[name];
  return current === undefined ? arg : current + (value ?? "");
}

/**
 * Reads what a flag gives as JSON.
 * @param given - JSON, or the path of a JSON file
 * @throws ConnectorError `usage/args-json`
 */
export function readArgsJson(given: string, flagName = "argsJson"): unknown {
  const isInline = /^\s*[[{"]/.test(given);
  const json = isInline ? given : readText(given, "usage/args-json", "JSON file");
  try {
    return JSON.parse(json);
  } catch (error) {
    const where = isInline ? flagName : `The JSON file ${given}`;
    throw new ConnectorError("usage/args-json", `${where} is not JSON: ${messageOf(error)}`, {
      cause: error,
      advice: 'Give JSON in quotes, such as --argsJson \'{"idColumn":"tag"}\', or the path of a JSON file.',
    });
  }
}

function toServerArgs(parsed: Record<string, unknown>): ServerArgs | IModelBankArgs | undefined {
  const { iModelBankUrl, accessTokenFile, ...given } = pick(parsed, Object.keys(serverFlags)) as ServerFlags;
  const getToken = accessTokenFile === undefined ? undefined : () => readToken(accessTokenFile);
  if (iModelBankUrl !== undefined) return Object.assign(new IModelBankArgs(), given, { url: iModelBankUrl, getToken });
  const isEmpty = getToken === undefined && Object.keys(given).every((name) => name === "createiModel");
  return isEmpty ? undefined : Object.assign(new ServerArgs(), given, { getToken });
}

/** Read again when a token was refused, so that another program can renew it. */
async function readToken(path: string): Promise<AccessToken> {
  return readText(path, "usage/access-token", "access token file").trim();
}

function readText(path: string, code: string, what: string): string {
  if (!existsSync(path)) throw new ConnectorError(code, `There is no ${what} ${path}.`, { advice: "Check the path." });
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConnectorError(code, `The ${what} ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
      advice: "Check the path, and that it may be read.",
    });
  }
}
