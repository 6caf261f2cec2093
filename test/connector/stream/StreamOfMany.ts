import { ConnectorError, StreamConnector, type SourceDocument, type SourceEntity } from "itwin-connector-framework";
import { usedHeap } from "../../../src/testing/bench/usedHeap.js";
import { defaultSchema } from "./StreamTestConnector.js";

/** What the connector is told, as `argsJson`. */
export interface ManyOptions {
  entities: number;
  /** Characters of content of each entity. */
  size: number;
  /** Every so many entities one becomes an element; the others are skipped, which takes less time. */
  writeEvery: number;
}

/** What the last run has seen. */
export const observed = {
  /** The heap, in bytes, at the first entity and at the last one. */
  heap: [] as number[],
  /** How many entities the stream was ever ahead of the elements that were made. */
  ahead: 0,
};

/** A connector whose source is a number: so many entities, each made when it is asked for. */
export default class StreamOfMany extends StreamConnector {
  private _made = 0;

  public override getApplicationId = (): string => "stream-of-many";
  public override getApplicationVersion = (): string => "1.0.0";
  public override getConnectorName = (): string => "Stream of many";

  /** Without a state it is read in every run. */
  protected override async getDocument(): Promise<SourceDocument> {
    return { id: "many" };
  }

  protected override getSchemas = () => [defaultSchema];

  protected override *readEntities(): Generator<SourceEntity> {
    const { entities, size, writeEvery } = this.args.argsJson as ManyOptions;
    Object.assign(observed, { heap: [], ahead: 0 });
    for (let index = 0; index < entities; index++) {
      observed.ahead = Math.max(observed.ahead, index - this._made);
      if (index === 1 || index === entities - 1) observed.heap.push(usedHeap());
      yield {
        kind: "Group",
        id: `${index}`,
        data: { note: Buffer.alloc(size, `${index} `).toString() }, // a string of its own for each
        toElement: () => {
          this._made++;
          if (index % writeEvery > 0) throw new ConnectorError("test/skip", "Skipped.", { recovery: "skippable" });
          return { classFullName: "Stream:Group" };
        },
      };
    }
  }
}
