import type { ArgumentsCamelCase, Argv } from "yargs";
import type { ExitCode } from "./exitCodes.js";

/** A command of `connector-runner`. */
export interface Command<Flags> {
  /** The name and the positionals, in the notation of yargs: `diff <a> <b>`. */
  command: string;
  /** One line for the list of commands. */
  describe: string;
  /** Declares positionals and options. Their types become the types of what `run` receives. */
  builder: (parser: Argv) => Argv<Flags>;
  /** Executes the command. */
  run: (flags: ArgumentsCamelCase<NoInfer<Flags>>) => Promise<ExitCode>;
}

/** Adds a command to a parser. `finish` receives the exit code when the command has run. */
export type AddCommand = (parser: Argv, finish: (exitCode: ExitCode) => void) => Argv;

/** A command as something that can be added to a parser, whatever the types of its flags. */
export function defineCommand<Flags>({ command, describe, builder, run }: Command<Flags>): AddCommand {
  return (parser, finish) => parser.command(command, describe, builder, async (flags) => finish(await run(flags)));
}
