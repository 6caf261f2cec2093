/**
 * How many batches of entities are under way: one is written, and each thread that meshes can have another one.
 * @param threads - how many threads mesh beside the one that reads the file
 */
export function batchesFor(threads: number): number {
  return Math.max(threads, 1) + 1;
}
