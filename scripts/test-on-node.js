// Runs the demo and one file of tests of each folder on another version of Node, which npm brings. With --whole, runs all
// that `npm test` runs. The project must be built.
// Usage: node scripts/test-on-node.js VERSION [--whole]
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { everyday, runMocha, testFiles } from "./mocha.js";

const [version, option] = process.argv.slice(2);
if (isRunning(version)) process.exitCode = run(process.execPath, ["scripts/demo.js"]) || runMocha(files(), everyday);
else process.exitCode = runOnVersion();

/** Whether this process runs on the version, so that the processes that it starts do too. */
function isRunning(wanted) {
  return `${process.versions.node}.`.startsWith(`${wanted}.`);
}

/** Runs this script on the version. Some tests run as another user, who cannot read npm's folder: they need a copy. */
function runOnVersion() {
  const found = spawnSync("npx", ["-y", "-p", `node@${version}`, "node", "-p", "process.execPath"], {
    encoding: "utf8",
    stdio: ["inherit", "pipe", "inherit"],
  });
  if (found.status !== 0) return found.status ?? 1;
  const program = found.stdout.trim();
  const folder = mkdtempSync(join(tmpdir(), "node-"));
  try {
    chmodSync(folder, 0o755);
    const copy = join(folder, basename(program));
    copyFileSync(program, copy);
    return run(copy, process.argv.slice(1), { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program, args, env = process.env) {
  return spawnSync(program, args, { stdio: "inherit", env }).status ?? 1;
}

function files() {
  const all = testFiles();
  if (option === "--whole") return all;
  const bySize = all.toSorted((a, b) => statSync(a).size - statSync(b).size);
  return bySize.filter((file, index) => bySize.findIndex((other) => dirname(other) === dirname(file)) === index);
}
