import { BriefcaseManager } from "@itwin/core-backend";
import type { BriefcaseId, ChangesetIdWithIndex } from "@itwin/core-common";
import { ConnectorError } from "itwin-connector-framework";
import { VersionedIModel, type IModelHubPackage, type IModelOnHubArgs } from "itwin-connector-framework/internal";
import { IModelHub, type HubIModel } from "./IModelHub.js";

/**
 * Finds an iModel on iModelHub.
 * @param args - the iModel, and how to reach it
 * @param create - whether an iModel that does not exist is created
 * @throws ConnectorError `imodelhub/...`
 * @public
 */
export const openIModelOnHub: IModelHubPackage["openIModelOnHub"] = async (args, create) => {
  const hub = new IModelHub(args);
  return new IModelOnHub(hub, await findOrCreate(hub, args, create));
};

async function findOrCreate(hub: IModelHub, args: IModelOnHubArgs, create: boolean): Promise<HubIModel> {
  if (args.iModelId !== undefined) return hub.describe(args.iModelId);
  const { iModelName: name = "", contextName = "", contextId } = args;
  const iTwinId = contextId ?? (await hub.findITwin(contextName));
  const known = await hub.queryIModelByName({ iTwinId, iModelName: name });
  if (known === undefined && !create)
    throw new ConnectorError("imodelhub/unknown-imodel", `The iTwin ${iTwinId} has no iModel ${name}.`, {
      advice: "Check the name; --createiModel makes a new one.",
    });
  const id = known ?? (await hub.createNewIModel({ iTwinId, iModelName: name }));
  return { id, iTwinId, name };
}

/** An iModel of iModelHub. */
class IModelOnHub extends VersionedIModel {
  public constructor(
    public override readonly hub: IModelHub,
    imodel: HubIModel,
  ) {
    super(imodel);
  }

  public override get place(): string {
    return `${this.name} on iModelHub`;
  }

  public override releaseAdvice(briefcaseId: BriefcaseId): string {
    return `an administrator of the iModel can release briefcase ${briefcaseId} on iModelHub`;
  }

  public override async knows({ id, index }: ChangesetIdWithIndex): Promise<boolean> {
    return id === "" || this.hub.hasChangeset(this.iModelId, { id, index });
  }

  /** iModelHub gives out each id once. */
  public override async gaveOut(): Promise<boolean> {
    return true;
  }

  public override async writeBriefcase(path: string, briefcaseId: BriefcaseId): Promise<void> {
    const { iModelId, iTwinId } = this;
    await BriefcaseManager.downloadBriefcase({ iModelId, iTwinId, briefcaseId, fileName: path });
  }

  /** iModelHub makes its checkpoints by itself. */
  public override async afterPush(): Promise<void> {}
}
