import type { Argv } from "yargs";
import type { ChangedElement, IModelChanges, JobChanges, UpdatedElement } from "../compare/changes/ElementChanges.js";
import { readChanges } from "../compare/changes/readChanges.js";
import { BankHubAccess } from "../bank/BankHubAccess.js";
import { findVersion } from "../bank/findVersion.js";
import { IModelBank } from "../bank/IModelBank.js";
import { writeVersionZero } from "../imodel/native.js";
import { propertyLine } from "./comparisonReport.js";
import { ExitCode } from "./exitCodes.js";
import { onHost } from "./onHost.js";
import { writeAsJson, type OutputFlags, type ReportOptions } from "./report.js";
import { section, type Entry } from "./sections.js";

/** The command that says what changed from one version to another. */
export const changesCommand = "changes <bank> <imodel>";

/** What the command takes. */
interface ChangesFlags extends OutputFlags {
  bank: string;
  imodel: string;
  from?: string;
  to?: string;
}

/** Adds what the command takes to the parser of a command line. */
export function withChangesFlags(command: Argv): Argv {
  return command
    .usage("$0 changes BANK IMODEL --from V --to W\n\nSays what changed from one version of an iModel to another.")
    .positional("bank", { type: "string", describe: "The folder of the bank: path or file: URL" })
    .positional("imodel", { type: "string", describe: "The iModel: name or id" })
    .options({
      from: {
        type: "string",
        requiresArg: true,
        describe: "Index, name or changeset id; the one before --to by default",
      },
      to: { type: "string", requiresArg: true, describe: "Index, name or changeset id; the latest by default" },
      json: { type: "boolean", describe: "Print the changes as JSON" },
      verbose: { type: "boolean", describe: "Print all changes, whole" },
    })
    .epilogue("Exit codes: 0 done; 1 a file of the bank is lost or altered; 2 wrong usage.");
}

/** Reads what changed, and prints it by job. */
export async function runChanges(parsed: Record<string, unknown>): Promise<ExitCode> {
  const { json, verbose = false, ...flags } = parsed as unknown as ChangesFlags;
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
