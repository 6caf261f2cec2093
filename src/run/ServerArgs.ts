import type { AccessToken } from "@itwin/core-bentley";

/**
 * A versioned iModel on iModelHub.
 * @public
 */
export class ServerArgs {
  /** The id of the iTwin that the iModel belongs to. */
  public contextId?: string;
  /** The name of the iTwin, where its id is not known. */
  public contextName?: string;
  /** The id of the iModel. */
  public iModelId?: string;
  /** The name of the iModel, where its id is not known, or where it is to be created. */
  public iModelName?: string;
  /** Whether an iModel that does not exist is created. Default: false. */
  public createiModel?: boolean;
  /** The environment of the iTwin Platform, such as `PROD` or `QA`. Default: `PROD`. */
  public environment?: string;
  /** Asked for a token before the first request, and again when one was refused, so that one that runs out can be renewed. */
  public getToken?: () => Promise<AccessToken>;
}

/**
 * A versioned iModel in a self-hosted bank.
 * @public
 */
export class IModelBankArgs {
  /** Where the bank is: a folder, as a path or a `file:` URL. */
  public url = "";
  /** The id of the iModel. */
  public iModelId?: string;
  /** The name of the iModel, where its id is not known, or where it is to be created. */
  public iModelName?: string;
  /** Whether an iModel that does not exist is created. Default: false. */
  public createiModel?: boolean;
  /** Not asked: who may read and write the folder may use the bank. */
  public getToken?: () => Promise<AccessToken>;
}
