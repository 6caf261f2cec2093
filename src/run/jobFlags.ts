import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { RunOptions } from "./RunOptions.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** One flag of a command line, as plain data that any parser can be given. */
export interface Flag {
  /** The type of its value. A flag that is not boolean requires one. */
  readonly type: "string" | "number" | "boolean";
  /** The heading of the help under which it stands. */
  readonly group: string;
  /** What the help says about it. */
  readonly describe: string;
  /** The value where it is not given. */
  readonly default?: boolean;
}

const defaults = new ConnectorJobDefArgs();

const text = (group: string, describe: string): Flag => ({ type: "string", group, describe });
const number = (group: string, describe: string): Flag => ({ type: "number", group, describe });
const flag = (group: string, describe: string, value = false): Flag => ({
  type: "boolean",
  group,
  describe,
  default: value,
});

const job = "What to do:";
const source = "The source:";
const target = "The iModel:";
const versioned = "A versioned iModel:";

/** A flag for each field of `ConnectorJobDefArgs`, in the order in which the help shows them. */
export const jobDefFlags: Record<keyof ConnectorJobDefArgs, Flag> = {
  connectorModule: text(job, "The connector: path of a module, or name of a package"),
  argsJson: text(job, "Arguments for the connector: JSON, or path of a JSON file"),
  doDetectDeletedElements: flag(
    job,
    "Delete elements whose entities are no longer in the source",
    defaults.doDetectDeletedElements,
  ),
  allDocsProcessed: flag(
    job,
    "This is the last document: adjust the project extents (without --connectorModule, do nothing else)",
    defaults.allDocsProcessed,
  ),
  revisionComments: text(job, "Prefix for the description of the new version"),
  settings: text(job, "Settings for any connector: JSON, or path of a JSON file; connectors ignore unknown ones"),
  sourcePath: text(source, "Path of the source file"),
  dmsServerUrl: text(source, "URL (http, https or file) to fetch the source file from"),
  dmsAccessToken: text(source, "Access token for --dmsServerUrl"),
  documentGuid: text(source, "GUID that identifies the source document even if it is moved or renamed"),
  grids: text(source, "Folder of NTv2 grids (.gsb), for exact places in older coordinate systems"),
  outputDir: text(target, "Folder for the iModel; created if it is missing"),
  isSnapshot: flag(target, "Create a snapshot instead of an editable standalone iModel", defaults.isSnapshot),
  updateDbProfile: flag(target, "Allow an upgrade of the iModel's file format", defaults.updateDbProfile),
  updateDomainSchemas: flag(target, "Allow an upgrade of the domain schemas", defaults.updateDomainSchemas),
};

/** A flag for each field of `RunOptions`. */
export const runFlags: Record<keyof RunOptions, Flag> = {
  dryRun: flag(job, "Show what would change, and leave the iModel unchanged"),
  maxDeletions: text(
    job,
    "Most entities to delete: 5%, a number, or none (default: half of a document that has 100 or more)",
  ),
  strict: flag(job, "Fail, and leave the iModel unchanged, if something of the source is not imported"),
  schemaContract: text(
    job,
    "What may change about tables and columns: evolve (default), freeze (nothing), or report (each is an issue)",
  ),
  clampZExtent: flag(target, "Keep the project extents within 8849 m above and below zero"),
  rejects: text(job, "File for the entities that are skipped, as JSON Lines"),
  documentName: text(source, "Name of the document if --sourcePath is a copy with another name"),
  documentAttributes: text(
    source,
    "JSON file with a class, its schema, and property values for the document's element",
  ),
  documentProperties: text(source, "JSON file with further properties of the document"),
  unmap: flag(job, "Remove everything that was imported from the document"),
  cacheDirectory: text(source, "Folder for fetched sources and briefcases"),
  lockRetries: number(versioned, "How often to retry a lock that another run holds (default 60)"),
  lockRetryDelay: number(versioned, "Milliseconds between these retries (default 2000)"),
  useGeographicCoordinateSystems: flag(
    target,
    "Look up coordinate systems in the cloud (takes 15 s without a network)",
  ),
};

type ServerFlagName = Exclude<keyof ServerArgs | keyof IModelBankArgs, "getToken" | "url">;

/** Flags that name a versioned iModel. */
export const serverFlags: Record<ServerFlagName | "iModelBankUrl" | "accessTokenFile", Flag> = {
  iModelBankUrl: text(versioned, "Bank of the iModel: path or file: URL of its folder"),
  iModelName: text(versioned, "Name of the iModel"),
  iModelId: text(versioned, "Id of the iModel"),
  createiModel: flag(versioned, "Create the iModel if it does not exist"),
  contextId: text(versioned, "Id of the iTwin on iModelHub"),
  contextName: text(versioned, "Name of the iTwin on iModelHub"),
  environment: text(versioned, "Environment of iModelHub: PROD, QA or DEV (default PROD)"),
  accessTokenFile: text(versioned, "File with the access token for iModelHub; read again after the token is refused"),
};

/** All flags of a job. */
export const flagsOfJob: Readonly<Record<string, Flag>> = { ...jobDefFlags, ...runFlags, ...serverFlags };

/** The spellings of the framework's earlier command lines. */
export const olderSpellings: Readonly<Record<string, string>> = {
  "--fwk-input": "--sourcePath",
  "--fwk-output": "--outputDir",
  "--fwk-connector-library": "--connectorModule",
  "--fwk-create-repository-if-necessary": "--createiModel",
  "--snapshot": "--isSnapshot",
  "--server-repository": "--iModelName",
  "--server-project": "--contextName",
  "--server-project-guid": "--contextId",
  "--server-environment": "--environment",
  "--server-accessToken": "--accessTokenFile",
  "--imodel-bank-url": "--iModelBankUrl",
  "--dms-inputFileUrn": "--dmsServerUrl",
  "--dms-accessToken": "--dmsAccessToken",
  "--dms-documentGuid": "--documentGuid",
};
