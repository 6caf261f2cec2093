import parse, { type Arguments, type DetailedArguments } from "yargs-parser";
import { ConnectorError } from "../ConnectorError.js";
import type { Flag } from "./jobFlags.js";

/**
 * Reads arguments that can only be flags, with the parser that yargs itself uses: `fromArgs` and the command line
 * understand the same.
 * @throws ConnectorError `usage/arguments` for what is unknown or incomplete
 */
export function parseFlags(args: string[], flags: Readonly<Record<string, Flag>>): Record<string, unknown> {
  const parsed = parse.detailed(args, parserOptions(flags));
  if (parsed.error) throw wrongUsage(parsed.error.message);
  refuseUnknown(parsed);
  refuseBadNumbers(parsed.argv);
  return parsed.argv;
}

/**
 * The error for arguments that cannot be understood.
 * @param command - the command that has the arguments, such as `bank gc`. Default: the one without a name, which runs a job
 */
export function wrongUsage(message: string, command?: string): ConnectorError {
  return new ConnectorError("usage/arguments", message, { phase: "arguments", advice: seeHelp(command) });
}

/** The advice to read the help of a command. */
export function seeHelp(command?: string): string {
  return `See connector-runner ${command === undefined ? "" : `${command} `}--help.`;
}

/**
 * Refuses values of flags that can only be true or false; the parser takes any other for false, so that a run which was
 * meant to be a dry one would write.
 * @param command - as for `wrongUsage`
 * @throws ConnectorError `usage/arguments`
 */
export function refuseOtherThanBoolean(
  args: readonly string[],
  flags: Readonly<Record<string, { type?: string }>>,
  command?: string,
): void {
  for (const arg of args) {
    const [, name = "", value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    const isBoolean = flags[toCamelCase(name)]?.type === "boolean";
    if (!isBoolean || value === "true" || value === "false") continue;
    throw wrongUsage(`--${name} is true or false, not "${value}".`, command);
  }
}

/**
 * Refuses numbers that the parser read as NaN, and those below 0: all numbers here are counts or lengths of time.
 * @throws ConnectorError `usage/arguments`
 */
export function refuseBadNumbers(parsed: Record<string, unknown>): void {
  const isBad = (value: unknown) => typeof value === "number" && !(value >= 0 && value < Infinity);
  const name = Object.keys(parsed).find((key) => !key.includes("-") && isBad(parsed[key])); // each is there in kebab case too
  if (name !== undefined) throw wrongUsage(`${name} is a number, and not less than 0.`);
}

function parserOptions(flags: Readonly<Record<string, Flag>>) {
  const all = Object.entries(flags);
  const namesOf = (type: Flag["type"]) => all.filter(([, flag]) => flag.type === type).map(([name]) => name);
  const valued = [...namesOf("string"), ...namesOf("number")];
  return {
    alias: Object.fromEntries(all.map(([name]) => [name, []])), // the parser adds the kebab case of names that it knows
    string: namesOf("string"),
    number: namesOf("number"),
    boolean: namesOf("boolean"),
    narg: Object.fromEntries(valued.map((name) => [name, NaN])), // NaN: one value is required
    default: Object.fromEntries(namesOf("boolean").map((name) => [name, flags[name]?.default])),
    configuration: { "duplicate-arguments-array": false, "parse-positional-numbers": false, "populate--": true },
  };
}

/** yargs in its strict mode names unknown flags in each spelling, and then what is no flag. */
function refuseUnknown(parsed: DetailedArguments): void {
  const { argv } = parsed;
  const names = Object.keys(argv).filter((name) => !isSpecial(name) && !isKnown(name, parsed));
  const unknown = [...new Set([...names, ...argv._.map(String)])];
  if (unknown.length === 0) return;
  const list = unknown.map((name) => (name.trim() === "" ? `"${name}"` : name)).join(", ");
  throw wrongUsage(`Unknown ${unknown.length === 1 ? "argument" : "arguments"}: ${list}`);
}

function isSpecial(name: keyof Arguments): boolean {
  return name === "_" || name === "--";
}

/** Two spellings that the parser made up from each other belong to no flag. */
function isKnown(name: string, { aliases, newAliases }: DetailedArguments): boolean {
  if (!Object.hasOwn(aliases, name)) return false;
  return [name, ...(aliases[name] ?? [])].some((spelling) => !Object.hasOwn(newAliases, spelling));
}

function toCamelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
