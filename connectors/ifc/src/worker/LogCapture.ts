/** So many different lines are kept of what is written between two looks. */
const keptLines = 5;

/** Catches what web-ifc and its WebAssembly write to the console of their thread. */
export class LogCapture {
  private _lines = new Map<string, number>();

  /** Begins. It must be called before web-ifc is initialized, which binds the functions of the console. */
  public static begin(): LogCapture {
    const capture = new LogCapture();
    for (const name of ["log", "info", "warn", "error", "debug"] as const)
      console[name] = (...parts: unknown[]) => capture._take(parts);
    return capture;
  }

  /** What was written since the last look: each line once, with how often it came. */
  public drain(): string[] {
    const lines = [...this._lines];
    this._lines = new Map();
    const shown = lines.slice(0, keptLines).map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
    return lines.length > keptLines ? [...shown, `${lines.length - keptLines} other lines`] : shown;
  }

  private _take(parts: readonly unknown[]): void {
    const line = parts.map(String).join(" ").trim();
    if (line !== "") this._lines.set(line, (this._lines.get(line) ?? 0) + 1);
  }
}
