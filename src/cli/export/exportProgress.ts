import { Presets, SingleBar } from "cli-progress";

/** Shows how far an export is. */
export interface ExportProgressView {
  readonly show: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the display. */
  readonly stop: () => void;
}

/** Shows the progress of an export: on a terminal a bar, elsewhere one line. */
export function startExportProgress(stream: NodeJS.WriteStream): ExportProgressView {
  if (!stream.isTTY) {
    stream.write("exporting\n");
    return { show: () => {}, stop: () => {} };
  }
  const format = " {bar} {percentage}% | exporting";
  const bar = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  bar.start(1, 0);
  return {
    show: ({ done, total }) => {
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
