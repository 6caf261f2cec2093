// Runs the demo and one file of tests of each folder on another version of Node, which npm brings. With --whole, runs all
// that `npm test` runs. The project must be built.
// Usage: node scripts/test-on-node.js VERSION [--whole]
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { everyday, runMocha, testFiles } from "./mocha.js";

const [version, option] = process.argv.slice(2);
if (isRunning(version)) process.exitCode = run(process.execPath, ["scripts/demo.js"]) || runMocha(files(), everyday);
else process.exitCode = run("npx", ["-y", "-p", `node@${version}`, "node", ...process.argv.slice(1)]);

/** Whether this process runs on the version, so that the processes that it starts do too. */
function isRunning(wanted) {
  return `${process.versions.node}.`.startsWith(`${wanted}.`);
}

function run(program, args) {
  return spawnSync(program, args, { stdio: "inherit" }).status ?? 1;
}

function files() {
  const all = testFiles();
  if (option === "--whole") return all;
  const bySize = all.toSorted((a, b) => statSync(a).size - statSync(b).size);
  return bySize.filter((file, index) => bySize.findIndex((other) => dirname(other) === dirname(file)) === index);
}
