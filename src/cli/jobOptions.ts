import type { Argv, Options } from "yargs";
import { flagsOfJob, type Flag } from "../run/jobFlags.js";
import { refuseBadNumbers } from "../run/parseFlags.js";
import { pointToHelp } from "./pointToHelp.js";

/** Adds the flags of a job to a command. */
export function withJobFlags(command: Argv): Argv {
  const options = Object.entries(flagsOfJob).map(([name, flag]) => [name, toOptions(flag)]);
  return command.options(Object.fromEntries(options) as Record<string, Options>);
}

function toOptions(flag: Flag): Options {
  return { ...flag, requiresArg: flag.type !== "boolean" };
}

/**
 * How each command line is read. Unknown arguments and invalid numbers are refused with a `ConnectorError` of the code
 * `usage/arguments`. The last value of a repeated flag counts, so that what `@file` says can be overridden.
 */
export function readStrictly(parser: Argv): Argv {
  return pointToHelp(parser)
    .parserConfiguration({ "duplicate-arguments-array": false })
    .strict()
    .exitProcess(false)
    .check((parsed) => {
      refuseBadNumbers(parsed);
      return true;
    });
}
