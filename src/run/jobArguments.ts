import { ConnectorError } from "../ConnectorError.js";
import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import { readArgsJson, readArgumentFile, readToken } from "./argumentFiles.js";
import { flagsOfJob, jobDefFlags, olderSpellings, runFlags, serverFlags } from "./jobFlags.js";
import { parseFlags, refuseOtherThanBoolean } from "./parseFlags.js";
import type { RunOptions } from "./RunOptions.js";
import { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** What the arguments of a command line ask for. */
export interface JobArguments {
  jobDefArgs: ConnectorJobDefArgs;
  serverArgs?: ServerArgs | IModelBankArgs;
  options: RunOptions;
}

type ServerFlags = Partial<Record<keyof typeof serverFlags, string>>;

/**
 * Reads the arguments of a command line.
 * @throws ConnectorError `usage/...`
 */
export function parseJobArguments(args: string[]): JobArguments {
  return toJobArguments(parseFlags(normalizeArguments(args), flagsOfJob));
}

/**
 * Arguments as today's flags: `@file` replaced by the lines of the file, older spellings by the current ones.
 * @throws ConnectorError `usage/...`
 */
export function normalizeArguments(args: string[]): string[] {
  const given = args.flatMap((arg) => (arg.startsWith("@") ? readArgumentFile(arg.slice(1)) : [arg]));
  const current = given.map(toCurrentSpelling);
  refuseOtherThanBoolean(current, flagsOfJob);
  return current;
}

/** The job that parsed flags describe. */
export function toJobArguments(parsed: Record<string, unknown>): JobArguments {
  const jobDefArgs = Object.assign(new ConnectorJobDefArgs(), pick(parsed, jobDefFlags));
  if (typeof parsed.argsJson === "string") jobDefArgs.argsJson = readArgsJson(parsed.argsJson);
  if (typeof parsed.settings === "string") jobDefArgs.settings = readSettings(parsed.settings);
  const options = pick(parsed, runFlags);
  for (const name of ["documentAttributes", "documentProperties"])
    if (typeof options[name] === "string") options[name] = readArgsJson(options[name], name);
  return { jobDefArgs, serverArgs: toServerArgs(parsed), options };
}

function readSettings(given: string): Record<string, unknown> {
  const settings = readArgsJson(given, "settings");
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings))
    return settings as Record<string, unknown>;
  throw new ConnectorError("usage/settings", "The settings are no JSON object.", {
    advice: "Give an object, such as --settings '{\"enableSheetsAndDrawings\":true}'.",
  });
}

function pick(parsed: Record<string, unknown>, flags: object): Record<string, unknown> {
  const names = Object.keys(flags).filter((name) => parsed[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, parsed[name]]));
}

function toCurrentSpelling(arg: string): string {
  const [, name, value] = /^(--[^=]+)(=.*)?$/s.exec(arg) ?? [];
  const current = name === undefined ? undefined : olderSpellings[name];
  return current === undefined ? arg : current + (value ?? "");
}

function toServerArgs(parsed: Record<string, unknown>): ServerArgs | IModelBankArgs | undefined {
  const { iModelBankUrl, accessTokenFile, ...given } = pick(parsed, serverFlags) as ServerFlags;
  const getToken = accessTokenFile === undefined ? undefined : () => readToken(accessTokenFile);
  if (iModelBankUrl !== undefined) return Object.assign(new IModelBankArgs(), given, { url: iModelBankUrl, getToken });
  const isEmpty = getToken === undefined && Object.keys(given).every((name) => name === "createiModel");
  return isEmpty ? undefined : Object.assign(new ServerArgs(), given, { getToken });
}
