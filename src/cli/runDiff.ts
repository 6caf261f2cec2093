import type { Argv } from "yargs";
import { compareIModels } from "../compare/compareIModels.js";
import { ConnectorError } from "../ConnectorError.js";
import { writeComparison } from "./comparisonReport.js";
import { ExitCode } from "./exitCodes.js";
import { writeAsJson, type OutputFlags } from "./report.js";

/** The command that compares two iModels. */
export const diffCommand = "diff <a> <b>";

/** What the command takes. */
interface DiffFlags extends OutputFlags {
  a: string;
  b: string;
}

/** Adds what the command takes to the parser of a command line. */
export function withDiffFlags(command: Argv): Argv {
  return command
    .usage("$0 diff A.bim B.bim [options]\n\nCompares two iModels by content.")
    .positional("a", { type: "string", describe: "The path of one iModel" })
    .positional("b", { type: "string", describe: "The path of the other" })
    .options({
      json: { type: "boolean", describe: "Print the differences as JSON" },
      verbose: { type: "boolean", describe: "Print all differences, whole" },
    })
    .epilogue("Exit codes: 0 nothing differs; 1 something differs; 2 they cannot be compared.");
}

/**
 * Compares the two iModels that parsed flags name, and prints what differs.
 * @returns whether something does, as an exit code
 */
export async function runDiff(parsed: Record<string, unknown>): Promise<ExitCode> {
  const { a, b, json, verbose = false } = parsed as unknown as DiffFlags;
  const comparison = await compareIModels(a, b).catch((error: unknown) => {
    throw cannotCompare(error);
  });
  if (json) writeAsJson(comparison);
  else writeComparison(comparison, { verbose });
  return comparison.isEqual ? ExitCode.Done : ExitCode.Failed;
}

function cannotCompare(error: unknown): ConnectorError {
  const advice = "Check with another tool that both iModels are whole; --verbose shows where it happened.";
  return ConnectorError.from(error, "arguments", "diff/failed", advice);
}
