import { pathToFileURL, fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute } from "../support/commandLine.js";

/** Hooks of Node's module loader that print each module that is resolved. */
const hooks = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    writeSync(1, resolved.url + "\\n");
    return resolved;
  }`)}`;

const registration = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register(${JSON.stringify(hooks)});`)}`;

/** The URLs of the modules that an import loads in a process of its own. */
async function loadedBy(path: string): Promise<string[]> {
  const url = pathToFileURL(fileURLToPath(new URL(`../../lib/${path}`, import.meta.url))).href;
  const load = `await import(${JSON.stringify(url)})`;
  const outcome = await execute(process.execPath, ["--import", registration, "--input-type=module", "--eval", load]);
  expect(outcome.exitCode, outcome.stderr).to.equal(0);
  return outcome.stdout.split("\n");
}

describe("The framework", () => {
  it("does not load yargs when it is imported", async () => {
    const loaded = await loadedBy("index.js");
    expect(loaded.some((url) => url.includes("/node_modules/yargs-parser/"))).to.equal(true);
    expect(loaded.filter((url) => url.includes("/node_modules/yargs/"))).to.deep.equal([]);
  });
});
