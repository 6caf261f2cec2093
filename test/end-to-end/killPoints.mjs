// Preloaded into a run of connector-runner: kills the process at one point of it, as if the power had gone.
//
// A point is a step of the run as others can see it: a line of the log (each phase writes one), or the moment before or
// after a call of the file system on a file of the output folder. The environment says at which point to die, or how many
// milliseconds after the first; without either, the points are written to a file, and how long it took to pass them.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";

const { KILL_AT: killAt, KILL_AFTER: killAfter, KILL_FOLDER: folder, KILL_POINTS_FILE: pointsFile } = process.env;
const writeFileSync = fs.writeFileSync;
const points = [];
let start = 0;

// In a thread of its own, because the main thread spends most of its time within the native library.
const killer = killAfter
  ? new Worker(
      `require("node:worker_threads").parentPort.once("message", (milliseconds) =>
        setTimeout(() => process.kill(process.pid, "SIGKILL"), milliseconds))`,
      { eval: true },
    )
  : undefined;
killer?.unref();

function passPoint(what) {
  points.push(what);
  if (points.length === 1) {
    start = performance.now();
    killer?.postMessage(Number(killAfter));
  }
  if (String(points.length) === killAt) process.kill(process.pid, "SIGKILL");
}

function watch(object, name) {
  const call = object[name];
  object[name] = function (...args) {
    if (!args.some((arg) => typeof arg === "string" && arg.startsWith(folder))) return call.apply(this, args);
    passPoint(`before ${name}`);
    const result = call.apply(this, args);
    if (result instanceof Promise) return result.finally(() => passPoint(`after ${name}`));
    passPoint(`after ${name}`);
    return result;
  };
}

for (const name of ["copyFileSync", "mkdirSync", "openSync", "renameSync", "rmSync", "unlinkSync", "writeFileSync"])
  watch(fs, name);
for (const name of ["open", "rename", "rm"]) watch(fs.promises, name);
syncBuiltinESMExports();

const write = process.stderr.write;
process.stderr.write = function (...args) {
  passPoint(String(args[0]).trim());
  return write.apply(this, args);
};

if (pointsFile)
  process.on("exit", () => {
    const milliseconds = performance.now() - start;
    writeFileSync(pointsFile, JSON.stringify({ points, milliseconds }));
  });
