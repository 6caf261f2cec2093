import type { Element, IModelDb } from "@itwin/core-backend";
import type { ITwinConnector } from "../../connector/ITwinConnector.js";
import { ConnectorRunner } from "../../run/ConnectorRunner.js";
import type { SynchronizationResults } from "../../sync/items/SourceItem.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { valueChecksOf } from "../../sync/values/ValueChecks.js";
import { countValues, findLosses } from "./readBack.js";

/** An element that was written, with what the connector gave for it. */
interface WrittenElement {
  name: string;
  element: Element;
  given: Readonly<Record<string, unknown>>;
}

/**
 * A run that reads the elements that it has written, and compares them with what the connector gave: at its end, since codes
 * and GUIDs may move between elements until then.
 */
export class ReadingRunner extends ConnectorRunner {
  /** What the iModel does not hold as it was given, in words. */
  public readonly losses: string[] = [];
  /** How many values were compared. */
  public values = 0;
  private readonly _written: WrittenElement[] = [];

  /** On the instance, since nothing is known of the connector's class. */
  protected override async makeConnector(): Promise<ITwinConnector> {
    const connector = await super.makeConnector();
    const update = connector.updateExistingData.bind(connector);
    connector.updateExistingData = async () => {
      this._watch(connector.synchronizer);
      await update();
    };
    const describe = connector.getDataChangesDescription?.bind(connector); // the last call before the commit
    connector.getDataChangesDescription = () => {
      this._compare(connector.synchronizer.imodel);
      return describe?.() ?? "";
    };
    return connector;
  }

  private _watch(synchronizer: Synchronizer): void {
    const write = synchronizer.updateIModel.bind(synchronizer);
    synchronizer.updateIModel = (results, scope, item, kind) => {
      const { elementsWritten } = synchronizer.statistics;
      const status = write(results, scope, item, kind);
      if (synchronizer.statistics.elementsWritten > elementsWritten)
        this._note(synchronizer.imodel, results, `${kind} "${item.id}"`);
      return status;
    };
  }

  private _note(imodel: IModelDb, { element, childElements = [] }: SynchronizationResults, name: string): void {
    const given = valueChecksOf(imodel).propsOf(element) ?? { ...element.toJSON() };
    this._written.push({ name, element, given });
    for (const part of childElements) this._note(imodel, part, `a part of ${name}`);
  }

  /** An element may have been replaced or deleted since. */
  private _compare(imodel: IModelDb): void {
    for (const { name, element, given } of this._written) {
      if (imodel.elements.tryGetElementProps(element.id) === undefined) continue;
      this.values += countValues(given);
      for (const loss of findLosses(imodel, element.id, given)) this.losses.push(`${name}: ${loss}`);
    }
  }
}
