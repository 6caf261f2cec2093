import type { BackendHubAccess, IModelIdArg } from "@itwin/core-backend";
import { IModelStatus, type GuidString } from "@itwin/core-bentley";
import { IModelError } from "@itwin/core-common";

/**
 * Leads what core-backend asks of its one hub to the hub of the iModel in question, so that several banks, and iModelHub,
 * can be used in one process. What belongs to no iModel that is open goes to the hub of the program, where it has one.
 */
export class HubRouter implements BackendHubAccess {
  private readonly _hubs = new Map<GuidString, BackendHubAccess[]>();

  public constructor(private readonly _otherwise?: BackendHubAccess) {}

  /** Leads what is asked of an iModel to a hub. @returns what ends that */
  public add(iModelId: GuidString, hub: BackendHubAccess): () => void {
    const hubs = this._hubs.get(iModelId) ?? [];
    this._hubs.set(iModelId, [...hubs, hub]);
    return () => this._remove(iModelId, hub);
  }

  public downloadChangesets: BackendHubAccess["downloadChangesets"] = async (arg) =>
    this._hubOf(arg).downloadChangesets(arg);
  public downloadChangeset: BackendHubAccess["downloadChangeset"] = async (arg) =>
    this._hubOf(arg).downloadChangeset(arg);
  public queryChangeset: BackendHubAccess["queryChangeset"] = async (arg) => this._hubOf(arg).queryChangeset(arg);
  public queryChangesets: BackendHubAccess["queryChangesets"] = async (arg) => this._hubOf(arg).queryChangesets(arg);
  public pushChangeset: BackendHubAccess["pushChangeset"] = async (arg) => this._hubOf(arg).pushChangeset(arg);
  public getLatestChangeset: BackendHubAccess["getLatestChangeset"] = async (arg) =>
    this._hubOf(arg).getLatestChangeset(arg);
  public getChangesetFromVersion: BackendHubAccess["getChangesetFromVersion"] = async (arg) =>
    this._hubOf(arg).getChangesetFromVersion(arg);
  public getChangesetFromNamedVersion: BackendHubAccess["getChangesetFromNamedVersion"] = async (arg) =>
    this._hubOf(arg).getChangesetFromNamedVersion(arg);
  public acquireNewBriefcaseId: BackendHubAccess["acquireNewBriefcaseId"] = async (arg) =>
    this._hubOf(arg).acquireNewBriefcaseId(arg);
  public releaseBriefcase: BackendHubAccess["releaseBriefcase"] = async (arg) => this._hubOf(arg).releaseBriefcase(arg);
  public getMyBriefcaseIds: BackendHubAccess["getMyBriefcaseIds"] = async (arg) =>
    this._hubOf(arg).getMyBriefcaseIds(arg);
  public queryV2Checkpoint: BackendHubAccess["queryV2Checkpoint"] = async (arg) =>
    this._hubOf(arg).queryV2Checkpoint(arg);
  public acquireLocks: BackendHubAccess["acquireLocks"] = async (arg, locks) =>
    this._hubOf(arg).acquireLocks(arg, locks);
  public queryAllLocks: BackendHubAccess["queryAllLocks"] = async (arg) => this._hubOf(arg).queryAllLocks(arg);
  public releaseAllLocks: BackendHubAccess["releaseAllLocks"] = async (arg) => this._hubOf(arg).releaseAllLocks(arg);
  public deleteIModel: BackendHubAccess["deleteIModel"] = async (arg) => this._hubOf(arg).deleteIModel(arg);
  public queryIModelByName: BackendHubAccess["queryIModelByName"] = async (arg) =>
    this._programHub().queryIModelByName(arg);
  public createNewIModel: BackendHubAccess["createNewIModel"] = async (arg) => this._programHub().createNewIModel(arg);

  private _hubOf({ iModelId }: IModelIdArg): BackendHubAccess {
    return this._hubs.get(iModelId)?.[0] ?? this._programHub();
  }

  private _programHub(): BackendHubAccess {
    if (this._otherwise !== undefined) return this._otherwise;
    throw new IModelError(IModelStatus.BadRequest, "No hub is known for this iModel");
  }

  private _remove(iModelId: GuidString, hub: BackendHubAccess): void {
    const left = [...(this._hubs.get(iModelId) ?? [])];
    left.splice(left.indexOf(hub), 1);
    if (left.length > 0) this._hubs.set(iModelId, left);
    else this._hubs.delete(iModelId);
  }
}
