import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { PopulateProgress, RunFile } from "itwin-connector-client";
import { describeRun } from "./runText.js";

/** Shows the progress of a command until `stop`. */
export interface ProgressView {
  show(progress: PopulateProgress): void;
  stop(): void;
}

/** How progress is shown. */
export interface ViewOptions {
  /** Whether to show nothing. */
  isQuiet?: boolean;
  /** Whether the service ends with the command. Then the URL of the run is not shown. */
  isLocal?: boolean;
}

/** Shows progress: on a terminal a bar for each file and a line for the run, elsewhere lines. */
export function startView(stream: NodeJS.WriteStream, { isQuiet, isLocal = false }: ViewOptions = {}): ProgressView {
  if (isQuiet) return { show: () => {}, stop: () => {} };
  const texts = new RunTexts(isLocal);
  return stream.isTTY ? new BarView(stream, texts) : new LineView(stream, texts);
}

/** The texts of both views. */
class RunTexts {
  private _files: readonly RunFile[] = [];

  public constructor(private readonly _isLocal: boolean) {}

  /** The text for a step; undefined if there is nothing to show. */
  public textOf(progress: Exclude<PopulateProgress, { step: "upload" }>): string | undefined {
    switch (progress.step) {
      case "files":
        this._files = progress.files;
        return undefined;
      case "run":
        return this._startText(progress);
      case "wait":
        return describeRun(progress.run, this._files);
    }
  }

  private _startText({ isNew, url }: Extract<PopulateProgress, { step: "run" }>): string {
    if (this._isLocal) return isNew ? "the run has started" : "following the active run";
    return isNew ? `run ${url}` : `following the active run ${url}`;
  }
}

class LineView implements ProgressView {
  private _last?: string;

  public constructor(
    private readonly _stream: NodeJS.WriteStream,
    private readonly _texts: RunTexts,
  ) {}

  public show(progress: PopulateProgress): void {
    const text =
      progress.step === "upload"
        ? `uploading ${progress.name}, ${bytesText(progress.totalBytes)}`
        : this._texts.textOf(progress);
    if (text === undefined || text === this._last) return;
    this._last = text;
    this._stream.write(`${text}\n`);
  }

  public stop(): void {}
}

class BarView implements ProgressView {
  private readonly _bars: MultiBar;
  private readonly _uploads = new Map<string, SingleBar>();
  private _run?: SingleBar;

  public constructor(
    stream: NodeJS.WriteStream,
    private readonly _texts: RunTexts,
  ) {
    const format = " {bar} {percentage}% | {name}, {size}";
    this._bars = new MultiBar({ stream, format, hideCursor: true, fps: 10 }, Presets.shades_classic);
  }

  public show(progress: PopulateProgress): void {
    if (progress.step === "upload") this._showUpload(progress);
    else this._showRun(this._texts.textOf(progress));
  }

  public stop(): void {
    this._bars.stop();
  }

  private _showRun(text: string | undefined): void {
    if (text === undefined) return;
    this._run ??= this._bars.create(1, 0, { text }, { format: " {text}" });
    this._run.update({ text });
  }

  private _showUpload({ name, bytes, totalBytes }: Extract<PopulateProgress, { step: "upload" }>): void {
    const bar = this._uploads.get(name) ?? this._bars.create(totalBytes, 0, { name, size: bytesText(totalBytes) });
    this._uploads.set(name, bar);
    bar.update(bytes);
  }
}

function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(1, bytes)) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
