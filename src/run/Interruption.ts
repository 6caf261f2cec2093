/** Ends the waiting for work that may never end. */
export class Interruption {
  private readonly _waiting = new Set<(reason: unknown) => void>();
  private _reason?: { error: unknown };

  /** @throws what it was told by {@link Interruption.interrupt}, if it was */
  public throwIfInterrupted(): void {
    if (this._reason !== undefined) throw this._reason.error;
  }

  /** Whether it was told to end. */
  public get isInterrupted(): boolean {
    return this._reason !== undefined;
  }

  /** Waits for work, or until it is interrupted from then on. Waits may lie within each other. */
  public async await<T>(work: Promise<T>): Promise<T> {
    let end!: (reason: unknown) => void;
    const interrupted = new Promise<never>((_, reject) => (end = reject));
    this._waiting.add(end);
    try {
      return await Promise.race([work, interrupted]);
    } finally {
      this._waiting.delete(end);
    }
  }

  /** Ends all waits with an error. */
  public interrupt(error: unknown): void {
    this._reason ??= { error };
    for (const end of this._waiting) end(error);
  }
}
