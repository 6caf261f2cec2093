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
    "Delete elements of entities that vanished from the source",
    defaults.doDetectDeletedElements,
  ),
  allDocsProcessed: flag(
    job,
    "This is the last document: fit the project extents (without --connectorModule, do only that)",
    defaults.allDocsProcessed,
  ),
  revisionComments: text(job, "Heads the description under which the run is saved"),
  sourcePath: text(source, "The source file"),
  dmsServerUrl: text(source, "Fetch the source file from this http, https or file URL first"),
  dmsAccessToken: text(source, "The token for --dmsServerUrl"),
  documentGuid: text(source, "The GUID of the source document, by which it stays the same when it is moved or renamed"),
  outputDir: text(target, "The folder for the iModel; made if it is missing"),
  isSnapshot: flag(target, "Make a snapshot, not an editable standalone iModel", defaults.isSnapshot),
  updateDbProfile: flag(target, "Allow an upgrade of the iModel's file format", defaults.updateDbProfile),
  updateDomainSchemas: flag(target, "Allow an upgrade of the domain schemas", defaults.updateDomainSchemas),
};

/** A flag for each field of `RunOptions`. */
export const runFlags: Record<keyof RunOptions, Flag> = {
  dryRun: flag(job, "Do everything, say what would change, and leave the iModel as it was"),
  documentName: text(source, "What the document is called, where --sourcePath is only a copy of it"),
  documentAttributes: text(
    source,
    "A JSON file with a class and properties for the document's element, and their schema",
  ),
  documentProperties: text(source, "A JSON file with what else is known of the document"),
  unmap: flag(job, "Remove all that the document brought, instead of updating it"),
  cacheDirectory: text(source, "Where fetched sources and briefcases are kept"),
  lockRetries: number(versioned, "How often to ask again for a lock that another run holds (default 60)"),
  lockRetryDelay: number(versioned, "How long to wait in between, in milliseconds (default 2000)"),
  useGeographicCoordinateSystems: flag(
    target,
    "Look up coordinate systems in the cloud (15 s where there is no network)",
  ),
};

type ServerFlagName = Exclude<keyof ServerArgs | keyof IModelBankArgs, "getToken" | "url">;

/** Flags that name a versioned iModel. */
export const serverFlags: Record<ServerFlagName | "iModelBankUrl" | "accessTokenFile", Flag> = {
  iModelBankUrl: text(versioned, "The bank that the iModel is in: the path or file: URL of its folder"),
  iModelName: text(versioned, "The iModel, by its name"),
  iModelId: text(versioned, "The iModel, by its id"),
  createiModel: flag(versioned, "Create the iModel if there is none of this name"),
  contextId: text(versioned, "The iTwin on iModelHub, by its id"),
  contextName: text(versioned, "The iTwin on iModelHub, by its name"),
  environment: text(versioned, "The environment of iModelHub: PROD, QA or DEV (default PROD)"),
  accessTokenFile: text(versioned, "The file with the access token for iModelHub; read again when it was refused"),
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
