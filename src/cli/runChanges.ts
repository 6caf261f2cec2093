import type { Argv } from "yargs";
import type { ChangedElement, IModelChanges, JobChanges } from "../compare/changes/ElementChanges.js";
import { readChanges } from "../compare/changes/readChanges.js";
import { ConnectorError } from "../ConnectorError.js";
import { BankHubAccess } from "../hub/BankHubAccess.js";
import { findVersion } from "../hub/findVersion.js";
import { IModelBank } from "../hub/IModelBank.js";
import { startHost } from "../imodel/host.js";
import { writeVersionZero } from "../imodel/native.js";
import { propertyLine } from "./comparisonReport.js";
import { exitCodeFor, ExitCode } from "./exitCodes.js";
import { writeError } from "./report.js";

/** The command that says what changed from one version to another. */
export const changesCommand = "changes <bank> <imodel>";

/** What the command takes. */
interface ChangesFlags {
  bank: string;
  imodel: string;
  from?: string;
  to?: string;
  json?: boolean;
  verbose?: boolean;
}

/** So many elements are listed under each heading, where not all is asked for. */
const shownAtMost = 20;

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
  const stopHost = await startHost();
  try {
    const changes = await read(flags);
    process.stdout.write(json ? `${JSON.stringify(changes, undefined, 2)}\n` : `${report(changes, verbose)}\n`);
    return ExitCode.Done;
  } catch (error) {
    const failure = ConnectorError.from(error, "arguments", "changes/failed");
    writeError(failure, { verbose });
    return exitCodeFor(failure);
  } finally {
    await stopHost();
  }
}

async function read({ bank: url, imodel: idOrName, from, to }: ChangesFlags): Promise<IModelChanges> {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName);
  const end = findVersion(bank, id, to).index;
  const start = from === undefined ? Math.max(0, end - 1) : findVersion(bank, id, from).index;
  return readChanges(new BankHubAccess(bank, writeVersionZero), id, { from: start, to: end });
}

function report({ from, to, jobs }: IModelChanges, verbose: boolean): string {
  const changed = jobs.filter(
    ({ inserted, updated, deleted }) => inserted.length + updated.length + deleted.length > 0,
  );
  if (changed.length === 0) return `No element changed from version ${from} to ${to}.`;
  return changed
    .flatMap((job) => [...jobLines(job, verbose), ""])
    .join("\n")
    .trimEnd();
}

function jobLines({ job, inserted, updated, deleted }: JobChanges, verbose: boolean): string[] {
  return [
    job ?? "of no job, or of several",
    ...section("inserted", inserted, () => [], verbose),
    ...section(
      "updated",
      updated,
      (element) => element.properties.map((found) => propertyLine(found, { verbose })),
      verbose,
    ),
    ...section("deleted", deleted, () => [], verbose),
  ];
}

function section<T extends ChangedElement>(
  title: string,
  elements: readonly T[],
  detailsOf: (element: T) => string[],
  verbose: boolean,
): string[] {
  if (elements.length === 0) return [];
  const shown = verbose ? elements : elements.slice(0, shownAtMost);
  const left = elements.length - shown.length;
  return [
    `  ${title} (${elements.length.toLocaleString("en")}):`,
    ...shown.flatMap((element) => [`    ${lineOf(element)}`, ...detailsOf(element).map((line) => `      ${line}`)]),
    ...(left > 0 ? [`    and ${left.toLocaleString("en")} more; --verbose shows all`] : []),
  ];
}

function lineOf({ id, className, label }: ChangedElement): string {
  return label === undefined ? `${id} (${className})` : `"${label}" ${id} (${className})`;
}
