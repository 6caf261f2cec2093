import { performance } from "node:perf_hooks";
import type { BeEvent } from "@itwin/core-bentley";
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { RunPhase } from "../ConnectorError.js";
import type { RunProgress } from "../run/RunProgress.js";
import { countText } from "../counted.js";

/** What a person reads for each phase. */
const phaseTitles: Record<RunPhase, string> = {
  arguments: "checking the arguments",
  load: "loading the connector",
  fetch: "fetching the source",
  initialize: "initializing the connector",
  open: "opening the iModel",
  source: "opening the source",
  schemas: "importing schemas",
  job: "finding the job",
  definitions: "importing definitions",
  data: "synchronizing",
  deletion: "detecting deletions",
  finish: "finishing",
};

/** So often at most is the terminal redrawn, in milliseconds. Drawing costs more than looking at an item. */
const redrawInterval = 100;

/**
 * Shows where a run is: on a terminal a bar with items per second, elsewhere a line for each phase.
 * @returns what ends the display
 */
export function startProgress(
  onProgress: BeEvent<(progress: RunProgress) => void>,
  stream: NodeJS.WriteStream,
): () => void {
  return stream.isTTY ? startBar(onProgress, stream) : startLines(onProgress, stream);
}

function startLines(onProgress: BeEvent<(progress: RunProgress) => void>, stream: NodeJS.WriteStream): () => void {
  let phase: RunPhase | undefined;
  return onProgress.addListener((progress) => {
    if (progress.phase === phase) return;
    phase = progress.phase;
    stream.write(`${phaseTitles[phase]}\n`);
  });
}

function startBar(onProgress: BeEvent<(progress: RunProgress) => void>, stream: NodeJS.WriteStream): () => void {
  const bars = new MultiBar(
    {
      stream,
      format: " {bar} {percent} | {title} {items}",
      hideCursor: true,
      clearOnComplete: true,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  const view = new BarView(bars.create(1, 0, { title: "", items: "", percent: "" }), () => bars.update());
  const stop = onProgress.addListener((progress) => view.show(progress));
  return () => {
    stop();
    bars.stop();
  };
}

/** Redraws the bar when it is due: by itself it would wait for a timer, which a busy synchronizer keeps from firing. */
class BarView {
  private _phase?: RunPhase;
  private _drawn = 0;
  private _phaseStart = { time: 0, items: 0 };

  public constructor(
    private readonly _bar: SingleBar,
    private readonly _redraw: () => void,
  ) {}

  public show(progress: RunProgress): void {
    const now = performance.now();
    if (progress.phase !== this._phase) {
      this._phase = progress.phase;
      this._phaseStart = { time: now, items: progress.items };
    } else if (now - this._drawn < redrawInterval) return;
    this._drawn = now;
    const { done = 0, total = 0 } = progress;
    if (total > 0) this._bar.setTotal(total);
    this._bar.update(total > 0 ? done : 0, {
      title: phaseTitles[progress.phase],
      items: this._describeItems(progress.items, now),
      percent: total > 0 ? `${Math.floor((100 * done) / total)}%` : "",
    });
    this._redraw();
  }

  private _describeItems(items: number, now: number): string {
    const count = items - this._phaseStart.items;
    if (count === 0) return "";
    const perSecond = Math.round((1000 * count) / Math.max(1, now - this._phaseStart.time));
    return `| ${countText(items)} items, ${countText(perSecond)}/s`;
  }
}
