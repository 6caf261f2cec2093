import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Guid } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import { readDeletionLimit } from "../sync/deletion/DeletionLimit.js";
import type { DocumentAttributes } from "../sync/documents/DocumentAttributes.js";
import { schemaContracts } from "../sync/documents/SourceClasses.js";
import type { RunOptions } from "./RunOptions.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** Whether the run is asked for nothing but what needs the finished iModel. */
export function isWrapUpOnly(args: ConnectorJobDefArgs): boolean {
  return args.allDocsProcessed && args.connectorModule === undefined;
}

/**
 * Refuses what cannot be a run, before anything is touched.
 * @throws ConnectorError `usage/...` or `source/...`
 */
export function checkArguments(
  args: ConnectorJobDefArgs,
  serverArgs: ServerArgs | IModelBankArgs | undefined,
  options: RunOptions,
): void {
  if (options.unmap) checkUnmap(args);
  else if (args.connectorModule === undefined && !args.allDocsProcessed)
    throw missing("connectorModule", "Name the module of the connector, such as --connectorModule my-connector.js.");
  // A local iModel is named after its source, so the source must be named even if it is not read.
  if (serverArgs === undefined || needsSource(args, options)) checkSourceName(args, options);
  if (serverArgs === undefined) checkOutputDir(args);
  else checkServerArguments(serverArgs);
  checkDocument(args, options);
  checkRunLimits(options);
  checkRejects(args, options);
  if (args.sourcePath !== undefined && isRead(args, options)) checkReadable(args.sourcePath);
}

function checkSourceName({ sourcePath, dmsServerUrl }: ConnectorJobDefArgs, { unmap, documentName }: RunOptions): void {
  if (!sourcePath && !dmsServerUrl && !(unmap && documentName))
    throw missing("sourcePath", "Name the source file with --sourcePath, or where to fetch it with --dmsServerUrl.");
}

/** A GUID tells a document whatever it is called, and whichever job has brought it. */
function checkUnmap({ connectorModule, documentGuid }: ConnectorJobDefArgs): void {
  if (connectorModule === undefined && documentGuid === undefined)
    throw missing("connectorModule", "Name the module of the connector, or the document with --documentGuid.");
}

/** Whether a run is about a document that only its source tells. */
function needsSource(args: ConnectorJobDefArgs, { unmap }: RunOptions): boolean {
  return unmap ? args.documentGuid === undefined : !isWrapUpOnly(args);
}

function isRead(args: ConnectorJobDefArgs, { unmap }: RunOptions): boolean {
  return args.dmsServerUrl === undefined && !unmap && !isWrapUpOnly(args);
}

function checkOutputDir({ outputDir }: ConnectorJobDefArgs): void {
  if (outputDir === undefined)
    throw missing("outputDir", "Name the folder for the iModel with --outputDir; it is made if it is missing.");
}

function checkServerArguments(serverArgs: ServerArgs | IModelBankArgs): void {
  if (serverArgs.iModelId === undefined && serverArgs.iModelName === undefined)
    throw missing("iModelName", "Name the iModel with --iModelName or --iModelId.");
  if ("url" in serverArgs) return;
  if (serverArgs.getToken === undefined)
    throw missing("getToken", "Name the file with the access token for iModelHub with --accessTokenFile.");
  if (serverArgs.iModelId === undefined && serverArgs.contextId === undefined && serverArgs.contextName === undefined)
    throw missing("contextId", "Name the iTwin with --contextId or --contextName.");
}

function checkDocument({ documentGuid }: ConnectorJobDefArgs, { documentAttributes }: RunOptions): void {
  checkDocumentGuid(documentGuid);
  if (documentAttributes !== undefined) checkAttributes(documentAttributes);
}

/** BIS has a field for it that takes nothing but GUIDs. */
function checkDocumentGuid(documentGuid: string | undefined): void {
  if (documentGuid === undefined || Guid.isGuid(documentGuid)) return;
  throw new ConnectorError("usage/document-guid", `documentGuid is no GUID: ${documentGuid}`, {
    advice: "Give it in the form 8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d, or leave it out.",
  });
}

/** They may come from a file; whether they fit a schema is seen when there is an iModel. */
function checkAttributes({ className, properties }: Partial<DocumentAttributes>): void {
  if (typeof className === "string" && typeof properties === "object" && (properties as unknown) !== null) return;
  throw new ConnectorError("usage/document-attributes", "documentAttributes have no className, or no properties.", {
    advice: 'Give them as {"className":"Schema:Class","properties":{}}, with the schema where the iModel may lack it.',
  });
}

/**
 * Refuses limits of a run that make no sense.
 * @throws ConnectorError `usage/max-deletions`, `usage/schema-contract`
 */
export function checkRunLimits({
  maxDeletions,
  schemaContract,
}: Pick<RunOptions, "maxDeletions" | "schemaContract">): void {
  readDeletionLimit(maxDeletions);
  if (schemaContract === undefined || schemaContracts.includes(schemaContract)) return;
  throw new ConnectorError("usage/schema-contract", `There is no schema contract "${schemaContract as string}".`, {
    advice: `Give one of ${schemaContracts.join(", ")}.`,
  });
}

/** The file is removed and written, which a source must not be. */
function checkRejects({ sourcePath }: ConnectorJobDefArgs, { rejects }: RunOptions): void {
  if (rejects === undefined || sourcePath === undefined || !isSameFile(rejects, sourcePath)) return;
  throw new ConnectorError("usage/rejects", `The source file ${sourcePath} cannot be the file of rejects as well.`, {
    advice: "Choose another file with --rejects.",
  });
}

function isSameFile(left: string, right: string): boolean {
  if (resolve(left) === resolve(right)) return true;
  return existsSync(left) && existsSync(right) && realpathSync(left) === realpathSync(right);
}

function missing(name: keyof ConnectorJobDefArgs | keyof ServerArgs, advice: string): ConnectorError {
  return new ConnectorError("usage/missing-argument", `${name} is missing.`, { advice });
}

function checkReadable(sourcePath: string): void {
  if (!existsSync(sourcePath)) throw missingFile(resolve(sourcePath));
  try {
    accessSync(sourcePath, constants.R_OK);
  } catch (error) {
    throw new ConnectorError("source/unreadable", `${sourcePath} cannot be read: ${messageOf(error)}`, {
      cause: error,
      advice: "Ask for the right to read the file.",
    });
  }
}

/** A drive or share that is not mounted looks like a folder that is not there. */
function missingFile(path: string): ConnectorError {
  let missing = path;
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  const isFolder = missing !== path;
  return new ConnectorError(
    "source/missing",
    isFolder ? `There is no folder ${missing}, and so no source file ${path}.` : `There is no source file ${path}.`,
    { advice: `Check --sourcePath${isFolder ? ", and that the drive or share is mounted" : ""}.` },
  );
}
