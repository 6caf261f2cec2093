#!/usr/bin/env node
import { runCommandLine } from "./commandLine.js";

process.exitCode = await runCommandLine(process.argv.slice(2));
// A connector may have left something running; what was printed must be out first.
process.stdout.write("", () => process.exit());
