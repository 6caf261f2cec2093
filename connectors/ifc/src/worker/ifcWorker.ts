/**
 * The thread in which files are read: it opens the file that it is started with, and then answers questions, one after the
 * other.
 */
import { parentPort, workerData } from "node:worker_threads";
import { expectDefined } from "../expectDefined.js";
import type { EntityDetails } from "../model/records.js";
import { buffersOf } from "./buffersOf.js";
import { IfcFault } from "./IfcFault.js";
import { IfcSession } from "./IfcSession.js";
import { LogCapture } from "./LogCapture.js";
import { MesherPool } from "./MesherPool.js";
import type { Reply, Request, WorkerData } from "./messages.js";
import { OwnMesher } from "./OwnMesher.js";

const port = expectDefined(parentPort);
const { path, options, threads, isNew } = workerData as WorkerData;
const log = LogCapture.begin();
const meshers = threads === 1 ? new OwnMesher(log) : new MesherPool(threads);
if (isNew) meshers.warmUp();
const session = Promise.resolve().then(() =>
  IfcSession.open(path, options, meshers, (done, total) => send({ done, total })),
);
session.catch(() => undefined); // the first question is answered with it

let turn: Promise<void> = Promise.resolve();
port.on("message", (request: Request) => {
  turn = turn.then(() => reply(request));
});

async function reply(request: Request): Promise<void> {
  const { number } = request;
  try {
    const opened = await session;
    const answer = await answerTo(opened, request);
    send(
      { number, answer, issues: opened.takeIssues() },
      request.name === "details" ? buffersOf(answer as EntityDetails) : [],
    );
  } catch (error) {
    if (error instanceof IfcFault) send({ number, fault: error.description });
    else send({ number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function answerTo(opened: IfcSession, { name, args }: Request) {
  if (name === "survey") return opened.survey();
  if (name === "place") return opened.place();
  if (name === "finish") return opened.finish();
  if (name === "records") return opened.records(...(args as readonly [number, number]));
  if (name === "expect") {
    opened.expect(...(args as readonly [readonly number[]]));
    return undefined;
  }
  return opened.details(...(args as readonly [number]));
}

function send(message: Reply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
