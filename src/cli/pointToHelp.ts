import type { Argv } from "yargs";
import { ConnectorError } from "../ConnectorError.js";
import { seeHelp } from "../run/parseFlags.js";

/**
 * Makes errors of usage point to the help of a command. The innermost command that was read counts.
 * @param command - such as `bank gc`. Default: the command without a name
 */
export function pointToHelp(parser: Argv, command?: string): Argv {
  return parser.fail((message: string | null, error: unknown) => {
    const reason = message?.replaceAll(/\s*\n\s*/g, " ") ?? error;
    throw ConnectorError.from(reason, "arguments", "usage/arguments", seeHelp(command));
  });
}
