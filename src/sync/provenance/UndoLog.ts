/** How to take back what a synchronization keeps in memory of its writes, for the case that these are rolled back. */
export class UndoLog {
  private _steps?: (() => void)[];

  /** Notes how to take back a change, if somebody may want that. */
  public note(undo: () => void): void {
    this._steps?.push(undo);
  }

  /** Does something; if that throws, takes back what was noted meanwhile. */
  public run<T>(work: () => T): T {
    const steps: (() => void)[] = (this._steps = []);
    try {
      return work();
    } catch (error) {
      for (const undo of steps.reverse()) undo();
      throw error;
    } finally {
      this._steps = undefined;
    }
  }
}

/** Sets a value of a map, or deletes it where it is undefined. */
export function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
