/**
 * The program that fetches what strangers name: whatever their servers do to it, the process that asked lives on. It writes
 * what it fetches to files. Its only argument is the configuration of manifests, as JSON.
 */
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { ManifestsConfig } from "../../platform/config/ServiceConfig.js";
import { endWithParent } from "../../platform/process/endWithParent.js";
import { FetchError } from "./FetchError.js";
import type { FetchMessage, FetchOutcome, FetchFailure, FetchTask } from "./fetchMessages.js";
import { UrlFetcher } from "./UrlFetcher.js";

const fetcher = new UrlFetcher(JSON.parse(process.argv[2] ?? "") as ManifestsConfig);
const running = new Map<number, AbortController>();

endWithParent();
process.on("message", (message: FetchMessage) => {
  if (message.kind === "abort") running.get(message.id)?.abort();
  else void carryOut(message);
});

async function carryOut(task: FetchTask): Promise<void> {
  const stopper = new AbortController();
  running.set(task.id, stopper);
  const outcome: FetchOutcome = { id: task.id };
  try {
    await write(task, stopper.signal);
  } catch (error) {
    outcome.failure = describe(error);
  }
  running.delete(task.id);
  process.send?.(outcome, undefined, undefined, () => {}); // a process that has ended needs no answer
}

async function write({ url, path, isJson }: FetchTask, signal: AbortSignal): Promise<void> {
  if (isJson) await writeFile(path, await fetcher.readJson(url, signal), { flag: "wx" });
  else await pipeline(await fetcher.open(url, signal), createWriteStream(path, { flags: "wx" }), { signal });
}

function describe(error: unknown): FetchFailure {
  const { message } = error as Error;
  if (error instanceof FetchError)
    return { code: error.code, message, advice: error.advice, isRetriable: error.isRetriable };
  const { code = "fetch/failed", syscall } = error as NodeJS.ErrnoException;
  return { code, message, syscall, isRetriable: false };
}
