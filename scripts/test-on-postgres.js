// Runs the tests of the service once more, on a Postgres server: a cluster in a temporary folder that ends with them.
// Usage: node scripts/test-on-postgres.js [--short | arguments for mocha]
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runMocha, testFiles } from "./mocha.js";

/** What is the same on any database: whole runs of real connectors, and tests that start a server of their own. */
const leftOutOfShortForm =
  /\/(page\/.*|endToEnd\/(clients|equality|manifest)|work\/(crashes|killedWorkers|leases|manifests))\.test\.ts$/;

const programs = findPrograms();
if (programs === undefined) {
  console.log("Skipped: the tests on a Postgres server need its programs (initdb, postgres).");
  process.exit();
}

// Postgres refuses to run as root.
const user = process.getuid?.() === 0 ? userNamed("postgres") : undefined;
const folder = mkdtempSync(join(tmpdir(), "postgres-"));
if (user !== undefined) chownSync(folder, user.uid, user.gid);
const as = { ...user, stdio: ["ignore", "ignore", "inherit"], cwd: folder };
execFileSync(join(programs, "initdb"), ["-D", join(folder, "data"), "-U", "tester", "--auth=trust", "--no-sync"], as);
const port = await freePort();
const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
const flags = settings.flatMap((setting) => ["-c", setting]);
const server = spawn(
  join(programs, "postgres"),
  ["-D", join(folder, "data"), ...flags, "-c", "log_min_messages=fatal"],
  as,
);
try {
  const env = { ...process.env, TEST_DATABASE_URL: `postgres://tester@127.0.0.1:${port}/postgres` };
  const service = testFiles().filter((file) => file.startsWith("packages/service/"));
  const short = service.filter((file) => !leftOutOfShortForm.test(file));
  const given = process.argv.slice(2);
  // Arguments name the files.
  if (given[0] === "--short") process.exitCode = runMocha(short, [], env);
  else process.exitCode = runMocha(given.length > 0 ? [] : service, given, env);
} finally {
  server.kill("SIGINT");
  await new Promise((resolve) => server.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}

function findPrograms() {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(root, version, "bin")), ...(process.env.PATH ?? "").split(":")];
  return folders.find((candidate) => existsSync(join(candidate, "initdb")));
}

function userNamed(name) {
  const id = (flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
