/** So many different lines are kept of what is written between two looks. */
const keptLines = 100;

/** Catches what web-ifc and its WebAssembly write to the console of their thread. */
export class LogCapture {
  private _lines = new Set<string>();

  /** Begins. It must be called before web-ifc is initialized, which binds the functions of the console. */
  public static begin(): LogCapture {
    const capture = new LogCapture();
    for (const name of ["log", "info", "warn", "error", "debug"] as const)
      console[name] = (...parts: unknown[]) => capture._take(parts);
    return capture;
  }

  /** What was written since the last look: each line once. */
  public drain(): string[] {
    const lines = [...this._lines];
    this._lines.clear();
    return lines;
  }

  private _take(parts: readonly unknown[]): void {
    const line = parts.map(String).join(" ").trim();
    if (line !== "" && this._lines.size < keptLines) this._lines.add(line);
  }
}
