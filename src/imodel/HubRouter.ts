import type { BackendHubAccess } from "@itwin/core-backend";
import { IModelStatus, type GuidString } from "@itwin/core-bentley";
import { IModelError } from "@itwin/core-common";
import { callHub, ForwardingHub, type HubOperation } from "./ForwardingHub.js";

/**
 * Leads what core-backend asks of its one hub to the hub of the iModel in question, so that several banks, and iModelHub,
 * can be used in one process. What belongs to no iModel that is open goes to the hub of the program, where it has one.
 */
export class HubRouter extends ForwardingHub {
  private readonly _hubs = new Map<GuidString, BackendHubAccess[]>();

  public constructor(private readonly _otherwise?: BackendHubAccess) {
    super();
  }

  /** Leads what is asked of an iModel to a hub. @returns what ends that */
  public add(iModelId: GuidString, hub: BackendHubAccess): () => void {
    this._hubs.set(iModelId, [...(this._hubs.get(iModelId) ?? []), hub]);
    return () => this._remove(iModelId, hub);
  }

  protected override async forward(operation: HubOperation, args: unknown[]): Promise<unknown> {
    const { iModelId } = args[0] as { iModelId?: GuidString };
    const hub = this._hubs.get(iModelId ?? "")?.[0] ?? this._otherwise;
    if (hub === undefined) throw new IModelError(IModelStatus.BadRequest, "No hub is known for this iModel");
    return callHub(hub, operation, args);
  }

  private _remove(iModelId: GuidString, hub: BackendHubAccess): void {
    const left = [...(this._hubs.get(iModelId) ?? [])];
    left.splice(left.indexOf(hub), 1);
    if (left.length > 0) this._hubs.set(iModelId, left);
    else this._hubs.delete(iModelId);
  }
}
