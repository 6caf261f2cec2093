// Runs mocha on many files of tests, several at a time, for the scripts beside this one.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The arguments of mocha for the tests of `npm test`. */
export const everyday = ["--fgrep", "@all", "--invert"];

/** Files that take longest. They begin first, so that no core waits for the last of them. */
const longest =
  /end-to-end\/(newConnector|package|kill)|test\/histories|client\/test\/faults|service\/test\/(endToEnd|work)|bank(Kill|Race|Faults)|(hostile|conformance)\.test/;

/** All files of tests, those that take longest first. */
export function testFiles() {
  const packages = ["connectors", "packages"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/test`),
  );
  const files = [...packages, "test"].flatMap(filesIn);
  return [...files.filter((file) => longest.test(file)), ...files.filter((file) => !longest.test(file))];
}

function filesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

/**
 * Runs files of tests. Many tests wait for other processes, so that one file more than there are cores keeps all of them busy.
 * @returns the exit code
 */
export function runMocha(files, args = [], env = process.env) {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const jobs = String(availableParallelism() + 1);
  const { status } = spawnSync(process.execPath, [mocha, "--parallel", "--jobs", jobs, ...args, ...files], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  return status ?? 1;
}
