import type { Argv } from "yargs";
import { compareIModels } from "../compare/compareIModels.js";
import { ConnectorError } from "../ConnectorError.js";
import { writeComparison } from "./comparisonReport.js";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { guarded } from "./guarded.js";
import type { OutputFlags } from "./outputFlags.js";
import { writeAsJson } from "./report.js";

interface DiffFlags extends OutputFlags {
  a: string;
  b: string;
}

/** `connector-runner diff`. */
export const addDiff = defineCommand({
  command: "diff <a> <b>",
  describe: "Compare two iModels by content",
  builder: (parser: Argv) =>
    parser
      .usage("$0 diff A.bim B.bim [options]\n\nCompares two iModels by content.")
      .positional("a", { type: "string", demandOption: true, describe: "Path of the first iModel" })
      .positional("b", { type: "string", demandOption: true, describe: "Path of the second iModel" })
      .options({
        json: { type: "boolean", describe: "Print the differences as JSON" },
        verbose: { type: "boolean", describe: "Print all differences, with complete values" },
      })
      .epilogue("Exit codes: 0 no difference; 1 the iModels differ; 2 they cannot be compared."),
  run: guarded(diff),
});

/**
 * Compares two iModels and prints the differences.
 * @returns whether they differ, as an exit code
 */
async function diff({ a, b, json, verbose = false }: DiffFlags): Promise<ExitCode> {
  const comparison = await compareIModels(a, b).catch((error: unknown) => {
    throw cannotCompare(error);
  });
  if (json) writeAsJson(comparison);
  else writeComparison(comparison, { verbose });
  return comparison.isEqual ? ExitCode.Done : ExitCode.Failed;
}

function cannotCompare(error: unknown): ConnectorError {
  const advice = "Check with another tool that both iModels are intact. --verbose shows where the comparison failed.";
  return ConnectorError.from(error, "arguments", "diff/failed", advice);
}
