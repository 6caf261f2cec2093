import type { Argv } from "yargs";
import type { ChangedElement, IModelChanges, JobChanges, UpdatedElement } from "../compare/changes/ElementChanges.js";
import { readChanges } from "../compare/changes/readChanges.js";
import { BankHubAccess } from "../bank/BankHubAccess.js";
import { findVersion } from "../bank/findVersion.js";
import { IModelBank } from "../bank/IModelBank.js";
import { writeVersionZero } from "../imodel/native.js";
import { bankPositional, iModelPositional } from "./bank/bankFlags.js";
import { propertyLine } from "./comparisonReport.js";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { onHost } from "./onHost.js";
import type { OutputFlags, ReportOptions } from "./outputFlags.js";
import { writeAsJson } from "./report.js";
import { section, type Entry } from "./sections.js";

interface ChangesFlags extends OutputFlags {
  bank: string;
  imodel: string;
  from?: string;
  to?: string;
}

/** `connector-runner changes`. */
export const addChanges = defineCommand({
  command: "changes <bank> <imodel>",
  describe: "Show what changed between two versions",
  builder: (parser: Argv) =>
    parser
      .usage("$0 changes BANK IMODEL [options]\n\nShows what changed between two versions of an iModel.")
      .positional("bank", bankPositional)
      .positional("imodel", iModelPositional)
      .options({
        from: {
          type: "string",
          requiresArg: true,
          describe: "Index, name or changeset id of the earlier version (default: the one before --to)",
        },
        to: {
          type: "string",
          requiresArg: true,
          describe: "Index, name or changeset id of the later version (default: the latest)",
        },
        json: { type: "boolean", describe: "Print the changes as JSON" },
        verbose: { type: "boolean", describe: "Print all changes, with complete values" },
      })
      .epilogue("Exit codes: 0 done; 1 a file of the bank is missing or damaged; 2 wrong usage."),
  run: printChanges,
});

/** Reads what changed, and prints it by job. */
async function printChanges({ json, verbose = false, ...flags }: ChangesFlags): Promise<ExitCode> {
  return onHost({ json, verbose }, "changes/failed", async () => {
    const changes = await read(flags);
    if (json) writeAsJson(changes);
    else process.stdout.write(`${report(changes, { verbose })}\n`);
    return ExitCode.Done;
  });
}

async function read({ bank: url, imodel: idOrName, from, to }: ChangesFlags): Promise<IModelChanges> {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName);
  const end = findVersion(bank, id, to).index;
  const start = from === undefined ? Math.max(0, end - 1) : findVersion(bank, id, from).index;
  return readChanges(new BankHubAccess(bank, writeVersionZero), id, { from: start, to: end });
}

function report({ from, to, jobs }: IModelChanges, options: ReportOptions): string {
  const changed = jobs.filter(
    ({ inserted, updated, deleted }) => inserted.length + updated.length + deleted.length > 0,
  );
  if (changed.length === 0) return `No element changed from version ${from} to ${to}.`;
  return changed
    .flatMap((job) => jobLines(job, options))
    .join("\n")
    .trimEnd();
}

function jobLines({ job, inserted, updated, deleted }: JobChanges, options: ReportOptions): string[] {
  const bare = (element: ChangedElement): Entry => ({ line: lineOf(element), details: [] });
  const withProperties = (element: UpdatedElement): Entry => ({
    line: lineOf(element),
    details: element.properties.map((found) => propertyLine(found, options)),
  });
  const sections: [title: string, entries: Entry[]][] = [
    ["inserted", inserted.map(bare)],
    ["updated", updated.map(withProperties)],
    ["deleted", deleted.map(bare)],
  ];
  const lines = sections.flatMap(([title, entries]) => section(title, entries, options)).filter((line) => line !== "");
  return [job ?? "of no job, or of several", ...lines.map((line) => `  ${line}`), ""];
}

function lineOf({ id, className, label }: ChangedElement): string {
  return label === undefined ? `${id} (${className})` : `"${label}" ${id} (${className})`;
}
