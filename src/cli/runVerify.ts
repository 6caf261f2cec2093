import type { Argv } from "yargs";
import { ConnectorError } from "../ConnectorError.js";
import { loadConnector } from "../connector/loadConnector.js";
import { readArgsJson } from "../run/jobArguments.js";
import { checkConnector, type CheckResult } from "../testing/conformance.js";
import { ExitCode } from "./exitCodes.js";

/** The command that runs the conformance suite. */
export const verifyCommand = "verify";

/** What the command takes. */
interface VerifyFlags {
  connectorModule: string;
  sample: string;
  argsJson?: string;
  json?: boolean;
  verbose?: boolean;
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
  await ensureLoads(connectorModule);
  const subject = {
    connectorModule,
    sampleDir: sample,
    argsJson: argsJson === undefined ? undefined : readArgsJson(argsJson),
  };
  const results = await checkConnector(subject, (result) => {
    if (!json) process.stdout.write(`${describe(result, verbose)}\n`);
  });
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : `${conclusion(results)}\n`);
  return results.some(({ state }) => state === "failed") ? ExitCode.Failed : ExitCode.Done;
}

/** A module that is none would make every check fail with the same words. */
async function ensureLoads(connectorModule: string): Promise<void> {
  try {
    await loadConnector(connectorModule);
  } catch (error) {
    throw ConnectorError.from(error, "load", "usage/connector-module");
  }
}

function describe({ state, name, title, message, milliseconds }: CheckResult, isVerbose = false): string {
  const line = `${marks[state].padEnd(7)} ${name}: ${title} (${(milliseconds / 1000).toFixed(1)} s)`;
  return state === "passed" && !isVerbose ? line : `${line}\n        ${message}`;
}

function conclusion(results: readonly CheckResult[]): string {
  const count = (state: CheckResult["state"]) => results.filter((result) => result.state === state).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped.`;
}
