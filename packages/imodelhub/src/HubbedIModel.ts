import { BriefcaseManager } from "@itwin/core-backend";
import type { GuidString } from "@itwin/core-bentley";
import type { BriefcaseId } from "@itwin/core-common";
import { ConnectorError } from "itwin-connector-framework";
import { IModelHub, type HubIModel, type IModelHubOptions } from "./IModelHub.js";
import { VersionedIModel } from "itwin-connector-framework/internal";

/** Which iModel of iModelHub. */
export interface HubbedIModelArgs extends IModelHubOptions {
  /** The iTwin by its id, or by its name. */
  contextId?: GuidString;
  contextName?: string;
  iModelId?: GuidString;
  iModelName?: string;
}

/** An iModel of iModelHub. */
export class HubbedIModel extends VersionedIModel {
  private constructor(
    public override readonly hub: IModelHub,
    imodel: HubIModel,
  ) {
    super(imodel);
  }

  /**
   * Finds an iModel on iModelHub.
   * @param create - whether one that is not there is created
   * @throws ConnectorError `imodelhub/...`
   */
  public static async open(args: HubbedIModelArgs, create: boolean): Promise<HubbedIModel> {
    const hub = new IModelHub(args);
    if (args.iModelId !== undefined) return new HubbedIModel(hub, await hub.describe(args.iModelId));
    const name = args.iModelName!;
    const iTwinId = args.contextId ?? (await hub.findITwin(args.contextName!));
    const known = await hub.queryIModelByName({ iTwinId, iModelName: name });
    if (known === undefined && !create)
      throw new ConnectorError("imodelhub/unknown-imodel", `The iTwin ${iTwinId} has no iModel ${name}.`, {
        advice: "Check the name; --createiModel makes a new one.",
      });
    const id = known ?? (await hub.createNewIModel({ iTwinId, iModelName: name }));
    return new HubbedIModel(hub, { id, iTwinId, name });
  }

  public override get place(): string {
    return `${this.name} on iModelHub`;
  }

  public override releaseAdvice(briefcaseId: BriefcaseId): string {
    return `an administrator of the iModel can release briefcase ${briefcaseId} on iModelHub`;
  }

  public override async writeBriefcase(path: string, briefcaseId: BriefcaseId): Promise<void> {
    const { iModelId, iTwinId } = this;
    await BriefcaseManager.downloadBriefcase({ iModelId, iTwinId, briefcaseId, fileName: path });
  }

  /** iModelHub makes its checkpoints by itself. */
  public override async afterPush(): Promise<void> {}
}
