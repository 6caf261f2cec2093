import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * What is still in use after garbage was collected, in bytes: objects, and buffers outside of the heap.
 *
 * V8 gives the memory of dead buffers back in the background, and waits for that when the next collection begins. So only
 * after a second one does what was read before not count any more.
 */
export function usedHeap(): number {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
