import type { AccessToken, GuidString } from "@itwin/core-bentley";
import type { VersionedIModel } from "./VersionedIModel.js";

/** An iModel on iModelHub, and how to reach it. */
export interface IModelOnHubArgs {
  /** The id of the iTwin. */
  contextId?: GuidString;
  /** The name of the iTwin, where its id is not known. */
  contextName?: string;
  /** The id of the iModel. */
  iModelId?: GuidString;
  /** The name of the iModel, where its id is not known, or where it is to be created. */
  iModelName?: string;
  /** `PROD`, `QA` or `DEV`, or the URL of a server with the same interface. Default: `PROD`. */
  environment?: string;
  /** Returns a token. Called before the first request, and once more whenever a token is refused. */
  getToken: () => Promise<AccessToken>;
}

/** What the package `itwin-connector-imodelhub` exports. The framework loads it for runs on iModelHub only. */
export interface IModelHubPackage {
  /**
   * Finds an iModel on iModelHub.
   * @param create - whether an iModel that does not exist is created
   * @throws ConnectorError `imodelhub/...`
   */
  readonly openIModelOnHub: (args: IModelOnHubArgs, create: boolean) => Promise<VersionedIModel>;
}
