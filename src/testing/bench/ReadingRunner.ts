import type { ITwinConnector } from "../../connector/ITwinConnector.js";
import { ConnectorRunner } from "../../run/ConnectorRunner.js";
import type { SynchronizationResults } from "../../sync/items/SourceItem.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { valueChecksOf } from "../../sync/values/ValueChecks.js";
import { countValues, findLosses } from "./readBack.js";

/** A run that reads every element right after it was written, and compares it with what the connector gave. */
export class ReadingRunner extends ConnectorRunner {
  /** What the iModel does not hold as it was given, in words. */
  public readonly losses: string[] = [];
  /** How many values were compared. */
  public values = 0;

  /** On the instance, since nothing is known of the connector's class. */
  protected override async makeConnector(): Promise<ITwinConnector> {
    const connector = await super.makeConnector();
    const update = connector.updateExistingData.bind(connector);
    connector.updateExistingData = async () => {
      this._watch(connector.synchronizer);
      await update();
    };
    return connector;
  }

  private _watch(synchronizer: Synchronizer): void {
    const write = synchronizer.updateIModel.bind(synchronizer);
    synchronizer.updateIModel = (results, scope, item, kind) => {
      const { elementsWritten } = synchronizer.statistics;
      const status = write(results, scope, item, kind);
      if (synchronizer.statistics.elementsWritten > elementsWritten)
        this._compare(synchronizer, results, `${kind} "${item.id}"`);
      return status;
    };
  }

  private _compare(synchronizer: Synchronizer, results: SynchronizationResults, name: string): void {
    const { element, childElements = [] } = results;
    const given = valueChecksOf(synchronizer.imodel).propsOf(element) ?? { ...element.toJSON() };
    this.values += countValues(given);
    for (const loss of findLosses(synchronizer.imodel, element.id, given)) this.losses.push(`${name}: ${loss}`);
    for (const part of childElements) this._compare(synchronizer, part, `a part of ${name}`);
  }
}
