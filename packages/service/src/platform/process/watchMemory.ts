import type { ChildProcess } from "node:child_process";
import pidusage from "pidusage";

const megabyte = 1024 ** 2;

/** How often it is looked, in milliseconds. */
const interval = 1000;

/**
 * Kills a process that takes too much memory. What native code takes counts as well, which no flag of Node.js limits.
 * @param onExcess - called before it is killed
 */
export function watchMemory(child: ChildProcess, megabytes: number, onExcess: () => void): void {
  const look = async () => {
    if (child.pid === undefined) return; // it could not be started
    const usage = await pidusage(child.pid).catch(() => undefined); // it may just have ended
    if (usage === undefined || usage.memory <= megabytes * megabyte || child.exitCode !== null) return;
    onExcess();
    child.kill("SIGKILL");
  };
  const timer = setInterval(() => void look(), interval);
  child.once("exit", () => clearInterval(timer));
  child.once("error", () => clearInterval(timer));
}
