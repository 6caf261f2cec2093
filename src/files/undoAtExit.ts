/** What is undone when the process ends, the latest first. */
const undos = new Set<() => void>();

/**
 * Undoes something if the process ends before its work does, as after a second Ctrl-C. Only synchronous work is possible
 * then. A process that is killed leaves everything behind.
 * @returns what to call when there is nothing left to undo
 */
export function undoAtExit(undo: () => void): () => void {
  if (undos.size === 0) process.on("exit", undoAll);
  undos.add(undo);
  return () => {
    undos.delete(undo);
    if (undos.size === 0) process.off("exit", undoAll);
  };
}

/** Does something, and undoes it if it fails or if the process ends before it is done. */
export async function orUndo<T>(work: () => Promise<T>, undo: () => void): Promise<T> {
  const forget = undoAtExit(undo);
  try {
    return await work();
  } catch (error) {
    undo();
    throw error;
  } finally {
    forget();
  }
}

function undoAll(): void {
  for (const undo of [...undos].reverse())
    try {
      undo();
    } catch {
      // The process ends; the others are still to be undone. The next run removes what is left.
    }
}
