import type { BackendHubAccess } from "@itwin/core-backend";

/** An operation of a hub, by its name. */
export type HubOperation = keyof BackendHubAccess;

/** A hub that leaves all operations to another one, in a way that its subclass decides. */
export abstract class ForwardingHub implements BackendHubAccess {
  public downloadChangesets = this._forwarding("downloadChangesets");
  public downloadChangeset = this._forwarding("downloadChangeset");
  public queryChangeset = this._forwarding("queryChangeset");
  public queryChangesets = this._forwarding("queryChangesets");
  public pushChangeset = this._forwarding("pushChangeset");
  public getLatestChangeset = this._forwarding("getLatestChangeset");
  public getChangesetFromVersion = this._forwarding("getChangesetFromVersion");
  public getChangesetFromNamedVersion = this._forwarding("getChangesetFromNamedVersion");
  public acquireNewBriefcaseId = this._forwarding("acquireNewBriefcaseId");
  public releaseBriefcase = this._forwarding("releaseBriefcase");
  public getMyBriefcaseIds = this._forwarding("getMyBriefcaseIds");
  public queryV2Checkpoint = this._forwarding("queryV2Checkpoint");
  public acquireLocks = this._forwarding("acquireLocks");
  public queryAllLocks = this._forwarding("queryAllLocks");
  public releaseAllLocks = this._forwarding("releaseAllLocks");
  public queryIModelByName = this._forwarding("queryIModelByName");
  public createNewIModel = this._forwarding("createNewIModel");
  public deleteIModel = this._forwarding("deleteIModel");

  /** Carries out an operation on the other hub. */
  protected abstract forward(operation: HubOperation, args: unknown[]): Promise<unknown>;

  private _forwarding<K extends HubOperation>(operation: K): BackendHubAccess[K] {
    // What goes in and what comes out are those of the operation itself, which the compiler cannot follow.
    return (async (...args: unknown[]) => this.forward(operation, args)) as unknown as BackendHubAccess[K];
  }
}

/** Carries out an operation of a hub. */
export async function callHub(hub: BackendHubAccess, operation: HubOperation, args: unknown[]): Promise<unknown> {
  return (hub[operation] as (...args: unknown[]) => Promise<unknown>)(...args);
}
