import type { Element, IModelDb } from "@itwin/core-backend";
import type { GeometricElementProps } from "@itwin/core-common";
import type { ITwinConnector } from "../../connector/ITwinConnector.js";
import { ConnectorRunner } from "../../run/ConnectorRunner.js";
import type { ElementAspects, SynchronizationResults } from "../../sync/items/SourceItem.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { valueChecksOf } from "../../sync/values/ValueChecks.js";
import { countValues, findAspectLosses, findLosses } from "./readBack.js";

/** An element that was written, with what the connector gave for it. */
interface WrittenElement {
  name: string;
  element: Element;
  given: Readonly<Record<string, unknown>>;
  aspects?: ElementAspects;
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

  private _note(
    imodel: IModelDb,
    { element, aspects, childElements = [] }: SynchronizationResults,
    name: string,
  ): void {
    const given = valueChecksOf(imodel).propsOf(element) ?? membersOf(element);
    this._written.push({ name, element, given, aspects });
    for (const part of childElements) this._note(imodel, part, `a part of ${name}`);
  }

  /** An element may have been replaced or deleted since. */
  private _compare(imodel: IModelDb): void {
    for (const { name, element, given, aspects } of this._written) {
      if (imodel.elements.tryGetElementProps(element.id) === undefined) continue;
      this.values += countValues(given);
      const losses = findLosses(imodel, element.id, given);
      if (aspects !== undefined) losses.push(...findAspectLosses(imodel, element.id, aspects));
      for (const loss of losses) this.losses.push(`${name}: ${loss}`);
      for (const aspect of aspects?.props ?? []) this.values += countValues(aspect);
    }
  }
}

/** The members of an element as props, with the geometry that `toJSON` leaves out. */
function membersOf(element: Element): Readonly<Record<string, unknown>> {
  const { elementGeometryBuilderParams } = element as Pick<GeometricElementProps, "elementGeometryBuilderParams">;
  return { ...element.toJSON(), elementGeometryBuilderParams };
}
