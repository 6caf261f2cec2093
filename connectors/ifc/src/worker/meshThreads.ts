import { availableParallelism, freemem } from "node:os";

/** More threads would wait for the one that reads the file. */
const most = 4;

/** The thread that writes and the one that reads the file have a core each. */
const otherThreads = 2;

/** What a thread may need for a slice, its meshes, and web-ifc: in bytes, several times what it needs as a rule. */
const memoryOfThread = 2 ** 30;

/** What a machine has. */
export interface Machine {
  readonly cores: number;
  /** In bytes. */
  readonly memory: number;
}

/** How many threads mesh: as many as there are cores and memory for. */
export function meshThreads({ cores, memory }: Machine = thisMachine()): number {
  return Math.max(1, Math.min(most, cores - otherThreads, Math.floor(memory / memoryOfThread)));
}

function thisMachine(): Machine {
  const limit = process.constrainedMemory() || Infinity; // 0 or undefined without a limit
  return { cores: availableParallelism(), memory: Math.min(freemem(), limit) };
}
