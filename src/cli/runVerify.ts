import type { Argv } from "yargs";
import { loadConnector } from "../connector/loadConnector.js";
import { readArgsJson } from "../run/argumentFiles.js";
import { checkConnector, type CheckResult } from "../testing/conformance.js";
import { ExitCode } from "./exitCodes.js";
import { writeAsJson, type OutputFlags } from "./report.js";

/** The command that runs the conformance suite. */
export const verifyCommand = "verify";

/** What the command takes. */
interface VerifyFlags extends OutputFlags {
  connectorModule: string;
  sample: string;
  argsJson?: string;
}

const marks: Record<CheckResult["state"], string> = { passed: "ok", failed: "FAILED", skipped: "skipped" };

/** Adds what the command takes to the parser of a command line. */
export function withVerifyFlags(command: Argv): Argv {
  return command
    .usage(
      "$0 verify --connectorModule x.js --sample DIR\n\nChecks that a connector does what every connector must do.",
    )
    .options({
      connectorModule: {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "The connector: path of a module, or name of a package",
      },
      sample: {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "The folder with the versions of a source: 1-first, 2-changed and so on",
      },
      argsJson: {
        type: "string",
        requiresArg: true,
        describe: "Arguments for the connector: JSON, or path of a JSON file; instead of those of the sample",
      },
      json: { type: "boolean", describe: "Print the results as JSON" },
      verbose: { type: "boolean", describe: "Print what was found by checks that passed too" },
    })
    .example("$0 verify --connectorModule lib/index.js --sample sample", "Check a connector that was just built")
    .epilogue(
      "docs/testing-connectors.md tells what is in a sample.\n" +
        "Exit codes: 0 no check failed; 1 a check failed; 2 they cannot be carried out.",
    );
}

/**
 * Checks the connector that parsed flags name, and prints a line for each check.
 * @returns whether all of them hold, as an exit code
 */
export async function runVerify(parsed: Record<string, unknown>): Promise<ExitCode> {
  const { connectorModule, sample, argsJson, json, verbose } = parsed as unknown as VerifyFlags;
  await loadConnector(connectorModule); // one that is none would make every check fail with the same words
  const subject = {
    connectorModule,
    sampleDir: sample,
    argsJson: argsJson === undefined ? undefined : readArgsJson(argsJson),
  };
  const results = await checkConnector(subject, (result) => {
    if (!json) process.stdout.write(`${describe(result, verbose)}\n`);
  });
  if (json) writeAsJson(results);
  else process.stdout.write(`${conclusion(results)}\n`);
  return results.some(({ state }) => state === "failed") ? ExitCode.Failed : ExitCode.Done;
}

function describe({ state, name, title, message, milliseconds }: CheckResult, isVerbose = false): string {
  const line = `${marks[state].padEnd(7)} ${name}: ${title} (${(milliseconds / 1000).toFixed(1)} s)`;
  return state === "passed" && !isVerbose ? line : `${line}\n        ${message}`;
}

function conclusion(results: readonly CheckResult[]): string {
  const count = (state: CheckResult["state"]) => results.filter((result) => result.state === state).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped.`;
}
