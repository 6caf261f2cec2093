import { IModel } from "@itwin/core-common";
import { usedHeap } from "../src/testing/bench/usedHeap.js";
import { makeDocuments } from "./cases.js";
import { boxKind, type Site } from "./contenders.js";
import { Ours } from "./ours.js";

/** Memory that the index takes. */
export interface IndexFigures {
  /** Of the heap, for each item that is known. */
  bytesPerItem: number;
  /** The same when each item was met. */
  bytesPerMetItem: number;
}

/** Measures what an index of all boxes takes. */
export function measureIndex(site: Site, items: number): IndexFigures {
  const [document] = makeDocuments("unchanged", items);
  const ours = new Ours(site);
  const before = usedHeap();
  const { element } = ours.synchronizer.recordDocument(IModel.rootSubjectId, { id: document!.name, checksum: "now" });
  ours.synchronizer.detectChanges(element.id, boxKind, { id: "a box that nobody knows" });
  const known = usedHeap();
  ours.synchronize(site, [document!]);
  const met = usedHeap();
  return { bytesPerItem: (known - before) / items, bytesPerMetItem: (met - before) / items };
}
