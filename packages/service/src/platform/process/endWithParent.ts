import { Worker } from "node:worker_threads";

/** Kills the process when the one that started it is gone, even while the main thread is busy. */
const watch = `
  const parent = process.ppid;
  const isGone = () => {
    if (process.ppid !== parent) return true;
    try { process.kill(parent, 0); return false; } catch (error) { return error.code === "ESRCH"; }
  };
  setInterval(() => { if (isGone()) process.kill(process.pid, "SIGKILL"); }, 500);`;

/**
 * Ends this process when the one that started it ends or lets it go. Signals to the whole group of processes are for that
 * one, which then ends this one.
 */
export function endWithParent(): void {
  new Worker(watch, { eval: true, execArgv: [] }).unref();
  process.on("disconnect", () => process.exit());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
}
