/** Work that is done again and again, whatever goes wrong with it. */
export class Repetition {
  private readonly _ended: Promise<void>;
  private _isClosing = false;
  private _isWanted = false;
  private _endPause?: () => void;

  /** @param seconds - how long it rests between */
  public constructor(
    private readonly _seconds: number,
    private readonly _work: () => Promise<void>,
    private readonly _onError: (error: unknown) => void,
  ) {
    this._ended = this._run();
  }

  /** Lets the work be done now, or again where it is just being done. */
  public wake(): void {
    this._isWanted = true;
    this._endPause?.();
  }

  /** Ends it when what is being done is done. */
  public async close(): Promise<void> {
    this._isClosing = true;
    this.wake();
    await this._ended;
  }

  private async _run(): Promise<void> {
    while (!this._isClosing) {
      this._isWanted = false;
      await this._work().catch(this._onError);
      await this._pause();
    }
  }

  private async _pause(): Promise<void> {
    if (this._isWanted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this._seconds * 1000);
      this._endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
