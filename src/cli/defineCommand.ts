import type { ArgumentsCamelCase, Argv } from "yargs";
import { refuseOtherThanBoolean } from "../run/parseFlags.js";
import type { ExitCode } from "./exitCodes.js";
import { outputFlags } from "./outputFlags.js";
import { pointToHelp } from "./pointToHelp.js";

/** A command of `connector-runner`. */
export interface Command<Flags> {
  /** The name and the positionals, in the notation of yargs: `diff <a> <b>`. */
  command: string;
  /** The command that this one is part of, such as `bank`. Default: none. */
  parent?: string;
  /** One line for the list of commands. */
  describe: string;
  /** Declares positionals and options. Their types become the types of what `run` receives. */
  builder: (parser: Argv) => Argv<Flags>;
  /** Executes the command. */
  run: (flags: ArgumentsCamelCase<NoInfer<Flags>>) => Promise<ExitCode>;
}

/** A command line that is being executed. */
export interface CommandLine {
  /** The arguments as they are given. */
  readonly args: readonly string[];
  /** Receives the exit code when the command has run. */
  readonly finish: (exitCode: ExitCode) => void;
}

/** Adds a command to a parser. */
export type AddCommand = (parser: Argv, line: CommandLine) => Argv;

/** A command as something that can be added to a parser, whatever the types of its flags. */
export function defineCommand<Flags>({ command, parent, describe, builder, run }: Command<Flags>): AddCommand {
  const [ownName = ""] = command.split(/ (?=[<[])/);
  const name = parent === undefined ? ownName : `${parent} ${ownName}`;
  return (parser, { args, finish }) =>
    parser.command(
      command,
      describe,
      (own) => {
        refuseOtherThanBoolean(args, outputFlags, name);
        return builder(pointToHelp(own, name));
      },
      async (flags) => finish(await run(flags)),
    );
}
