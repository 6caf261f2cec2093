import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../lib/cli/main.js", import.meta.url));
const connector = fileURLToPath(new URL("./empty-connector.mjs", import.meta.url));

/** Prints the CPU time of the whole process, start-up included, when it ends. */
const reportCpu = `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write("cpu " + (user + system) / 1000);
});`;

/**
 * Measures an empty run of `connector-runner` on an iModel that is there, the whole process.
 * @returns CPU time in milliseconds
 */
export function measureStartUp(folder: string): number {
  const report = join(folder, "report-cpu.mjs");
  const source = join(folder, "empty.txt");
  writeFileSync(report, reportCpu);
  writeFileSync(source, "");
  const flags = ["--connectorModule", connector, "--sourcePath", source, "--outputDir", join(folder, "out"), "--quiet"];
  const run = () => {
    const { stderr, status } = spawnSync(process.execPath, ["--import", report, cli, ...flags], { encoding: "utf8" });
    const [, milliseconds] = /cpu ([\d.]+)/.exec(stderr) ?? [];
    if (status !== 0 || milliseconds === undefined) throw new Error(`The empty run failed:\n${stderr}`);
    return Number(milliseconds);
  };
  run(); // makes the iModel
  return Math.min(run(), run(), run());
}
