// Preloaded into a run on a bank: kills the process at one point of its push, as if the power had gone.
//
// A point is a step of the push as others can see it: the moment before or after a call of the file system, a statement
// on a SQLite file, or a call of the native library on the briefcase. They count from the last phase of the run on.
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const { KILL_AT: killAt, KILL_COUNT_FILE: countFile } = process.env;
const writeFileSync = fs.writeFileSync;
let points = 0;
let isPushing = false;

function passPoint() {
  if (!isPushing) return;
  points++;
  if (String(points) === killAt) process.kill(process.pid, "SIGKILL");
}

function watch(object, name) {
  const call = object[name];
  object[name] = function (...args) {
    passPoint();
    const result = call.apply(this, args);
    if (result instanceof Promise) return result.finally(passPoint);
    passPoint();
    return result;
  };
}

for (const name of ["copyFileSync", "renameSync", "rmSync", "unlinkSync"]) watch(fs, name);
for (const name of ["copyFile", "open", "rename", "rm"]) watch(fs.promises, name);
syncBuiltinESMExports();

const { SQLiteDb, SqliteStatement, BriefcaseDb } = createRequire(import.meta.url)("@itwin/core-backend");
for (const name of ["openDb", "closeDb"]) watch(SQLiteDb.prototype, name);
watch(SqliteStatement.prototype, "step");
for (const name of ["saveChanges", "pullChanges", "pushChanges", "close"]) watch(BriefcaseDb.prototype, name);

const write = process.stderr.write;
process.stderr.write = function (...args) {
  if (String(args[0]).includes("phase finish")) isPushing = true;
  return write.apply(this, args);
};

if (countFile) process.on("exit", () => writeFileSync(countFile, String(points)));
