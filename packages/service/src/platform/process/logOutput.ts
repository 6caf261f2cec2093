import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Logger } from "pino";

/** Of one line, in characters. */
const maxLine = 2000;
/** Of what one process prints, in characters. */
const maxOutput = 1_000_000;

/** Puts what a process prints into the log, as far as that makes sense. All of it is read, so that it never has to wait. */
export function logOutput(child: ChildProcess, log: Logger): void {
  let left = maxOutput;
  const listen = (stream: Readable | null, name: string) =>
    stream?.setEncoding("utf8").on("data", (text: string) => {
      if (left <= 0) return;
      left -= text.length;
      for (const line of text.split(/\r?\n/))
        if (line !== "") log.info({ stream: name, line: line.slice(0, maxLine) }, "printed");
      if (left <= 0) log.warn("the process prints too much: the rest is left out");
    });
  listen(child.stdout, "stdout");
  listen(child.stderr, "stderr");
}
