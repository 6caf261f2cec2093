#!/usr/bin/env node
import { interruptible } from "./interruption.js";

// Loading the rest takes a while, in which signals are heard already.
process.exitCode = await interruptible(async () => {
  const { runCommandLine } = await import("./commandLine.js");
  return runCommandLine(process.argv.slice(2));
});
// A connector may have left something running; what was printed must be out first.
process.stdout.write("", () => process.exit());
