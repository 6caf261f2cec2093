import type { Argv } from "yargs";
import { loadConnector } from "../connector/loadConnector.js";
import { readArgsJson } from "../run/argumentFiles.js";
import { checkConnector, type CheckResult } from "../testing/conformance.js";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { guarded } from "./guarded.js";
import type { OutputFlags } from "./outputFlags.js";
import { writeAsJson } from "./report.js";

interface VerifyFlags extends OutputFlags {
  connectorModule: string;
  sample: string;
  argsJson?: string;
}

const marks: Record<CheckResult["state"], string> = { passed: "ok", failed: "FAILED", skipped: "skipped" };

/** `connector-runner verify`. */
export const addVerify = defineCommand({
  command: "verify",
  describe: "Check a connector with the conformance suite",
  builder: (parser: Argv) =>
    parser
      .usage("$0 verify --connectorModule x.js --sample DIR\n\nChecks a connector with the conformance suite.")
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
          describe: "Folder with the versions of a source: 1-first, 2-changed and so on",
        },
        argsJson: {
          type: "string",
          requiresArg: true,
          describe: "Arguments for the connector, instead of those in the sample: JSON, or path of a JSON file",
        },
        json: { type: "boolean", describe: "Print the results as JSON" },
        verbose: { type: "boolean", describe: "Print the findings of passed checks too" },
      })
      .example("$0 verify --connectorModule lib/index.js --sample sample", "Check the built connector")
      .epilogue(
        "docs/testing-connectors.md describes the sample.\n" +
          "Exit codes: 0 no check failed; 1 a check failed; 2 the checks cannot be carried out.",
      ),
  run: guarded(verify),
});

/**
 * Checks a connector, and prints a line for each check.
 * @returns whether all checks passed, as an exit code
 */
async function verify({ connectorModule, sample, argsJson, json, verbose }: VerifyFlags): Promise<ExitCode> {
  await loadConnector(connectorModule); // a module that cannot be loaded would make every check fail with the same message
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
