/** A thread that meshes: it loads web-ifc when it is started, and then does what it is told, one request after the other. */
import { parentPort } from "node:worker_threads";
import { expectDefined } from "../expectDefined.js";
import { buffersOf } from "./buffersOf.js";
import { LogCapture } from "./LogCapture.js";
import type { MesherRequest } from "./mesherMessages.js";
import { SliceMesher } from "./SliceMesher.js";

const port = expectDefined(parentPort);
const mesher = new SliceMesher(LogCapture.begin());

let turn: Promise<void> = Promise.resolve();
port.on("message", (request: MesherRequest) => {
  turn = turn.then(() => follow(request));
});

async function follow(request: MesherRequest): Promise<void> {
  if ("slice" in request) mesher.open(request.open, request.slice);
  else if ("close" in request) mesher.close(request.close);
  else {
    const result = await mesher.mesh(request.of, request.mesh);
    port.postMessage(result, buffersOf(result));
  }
}
