import { accessSync, constants, existsSync } from "node:fs";
import { Guid } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** Whether the run is asked for nothing but what needs the finished iModel. */
export function isWrapUpOnly(args: ConnectorJobDefArgs): boolean {
  return args.allDocsProcessed && args.connectorModule === undefined;
}

/**
 * Refuses what cannot be a run, before anything is touched.
 * @throws ConnectorError `usage/...` or `source/...`
 */
export function checkArguments(args: ConnectorJobDefArgs, serverArgs: ServerArgs | IModelBankArgs | undefined): void {
  if (serverArgs !== undefined)
    throw new ConnectorError("usage/versioned-imodels", "Versioned iModels are not built yet.", {
      advice: "Leave the server and bank arguments out to write to a local iModel.",
    });
  if (args.connectorModule === undefined && !args.allDocsProcessed)
    throw missing("connectorModule", "Name the module of the connector, such as --connectorModule my-connector.js.");
  if (args.sourcePath === undefined && args.dmsServerUrl === undefined)
    throw missing("sourcePath", "Name the source file with --sourcePath, or where to fetch it with --dmsServerUrl.");
  if (args.outputDir === undefined)
    throw missing("outputDir", "Name the folder for the iModel with --outputDir; it is made if it is missing.");
  checkDocumentGuid(args.documentGuid);
  if (args.dmsServerUrl === undefined && !isWrapUpOnly(args)) checkReadable(args.sourcePath!);
}

/** BIS has a field for it that takes nothing but GUIDs. */
function checkDocumentGuid(documentGuid: string | undefined): void {
  if (documentGuid === undefined || Guid.isGuid(documentGuid)) return;
  throw new ConnectorError("usage/document-guid", `documentGuid is no GUID: ${documentGuid}`, {
    advice: "Give it in the form 8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d, or leave it out.",
  });
}

function missing(name: keyof ConnectorJobDefArgs, advice: string): ConnectorError {
  return new ConnectorError("usage/missing-argument", `${name} is missing.`, { advice });
}

function checkReadable(sourcePath: string): void {
  if (!existsSync(sourcePath))
    throw new ConnectorError("source/missing", `There is no source file ${sourcePath}.`, {
      advice: "Check --sourcePath.",
    });
  try {
    accessSync(sourcePath, constants.R_OK);
  } catch (error) {
    throw new ConnectorError("source/unreadable", `${sourcePath} cannot be read: ${messageOf(error)}`, {
      cause: error,
      advice: "Ask for the right to read the file.",
    });
  }
}
