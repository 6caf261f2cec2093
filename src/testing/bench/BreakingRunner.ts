import type { ITwinConnector } from "../../connector/ITwinConnector.js";
import { ConnectorRunner } from "../../run/ConnectorRunner.js";

/**
 * Where a run is made to fail: in the middle of writing, when all entities were seen, or when everything was done but the
 * commit.
 */
export type BreakPoint = "halfway" | "after-data" | "before-commit";

/** The message of the failure. */
export const breakMessage = "broken on purpose by the conformance suite";

/** A run that fails at a certain point, whatever the connector does. */
export class BreakingRunner extends ConnectorRunner {
  public breakPoint: BreakPoint = "after-data";
  /** So many entities are written before a run breaks halfway. */
  public writesBefore = 0;

  protected override async makeConnector(): Promise<ITwinConnector> {
    const connector = await super.makeConnector();
    if (this.breakPoint === "before-commit") connector.getDataChangesDescription = fail;
    else this._breakData(connector);
    return connector;
  }

  /** On the instance, since nothing is known of its class. */
  private _breakData(connector: ITwinConnector): void {
    const update = connector.updateExistingData.bind(connector);
    connector.updateExistingData = async () => {
      if (this.breakPoint === "halfway") this._breakWrites(connector);
      await update();
      fail();
    };
  }

  private _breakWrites({ synchronizer }: ITwinConnector): void {
    const write = synchronizer.updateIModel.bind(synchronizer);
    let left = this.writesBefore;
    synchronizer.updateIModel = (...args) => {
      if (left-- <= 0) fail();
      return write(...args);
    };
  }
}

function fail(): never {
  throw new Error(breakMessage);
}
