// Preloaded into a run of connector-runner: kills the process at one point of it, as if the power had gone.
//
// A point is a step of the run as others can see it: a line of the log (each phase writes one), or the moment before or
// after a call of the file system on a file of the output folder. The environment says at which point to die; without
// one, the points are counted and their number is written to a file.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { KILL_AT: killAt, KILL_FOLDER: folder, KILL_COUNT_FILE: countFile } = process.env;
const writeFileSync = fs.writeFileSync;
let points = 0;

function passPoint() {
  points++;
  if (String(points) === killAt) process.kill(process.pid, "SIGKILL");
}

function watch(object, name) {
  const call = object[name];
  object[name] = function (...args) {
    if (!args.some((arg) => typeof arg === "string" && arg.startsWith(folder))) return call.apply(this, args);
    passPoint();
    const result = call.apply(this, args);
    if (result instanceof Promise) return result.finally(passPoint);
    passPoint();
    return result;
  };
}

for (const name of ["copyFileSync", "mkdirSync", "openSync", "renameSync", "rmSync", "unlinkSync", "writeFileSync"])
  watch(fs, name);
for (const name of ["open", "rename", "rm"]) watch(fs.promises, name);
syncBuiltinESMExports();

const write = process.stderr.write;
process.stderr.write = function (...args) {
  passPoint();
  return write.apply(this, args);
};

if (countFile) process.on("exit", () => writeFileSync(countFile, String(points)));
