import type { ArgumentsCamelCase } from "yargs";
import { defineCommand, type AddCommand, type Command } from "../defineCommand.js";
import { onHost } from "../onHost.js";
import type { OutputFlags } from "../outputFlags.js";
import { writeBankReport, type BankReport } from "./bankReport.js";

/** A command on a bank. */
interface BankCommand<Flags extends OutputFlags> extends Omit<Command<Flags>, "run" | "parent"> {
  /** Executes the command. Its result is printed as lines or as JSON. */
  work: (flags: ArgumentsCamelCase<NoInfer<Flags>>) => BankReport | Promise<BankReport>;
}

/** A command on a bank as something that can be added to a parser. */
export function defineBankCommand<Flags extends OutputFlags>(definition: BankCommand<Flags>): AddCommand {
  const { builder, work, ...rest } = definition;
  return defineCommand<Flags>({
    ...rest,
    parent: "bank",
    builder: (parser) => builder(parser.version(false)), // some of these commands have a --version of their own
    run: async (flags) =>
      onHost(flags, "bank/failed", async () => writeBankReport(await work(flags), flags.json ?? false)),
  });
}
