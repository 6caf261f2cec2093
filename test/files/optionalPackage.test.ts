import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "chai";
import type { importOptionalPackage } from "../../src/files/optionalPackage.js";
import { temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The function from a framework that is installed in a folder of its own, beside packages with this code. */
async function installBeside(packages: Record<string, string>): Promise<typeof importOptionalPackage> {
  const folder = temporaryFolder();
  for (const file of ["lib/files/optionalPackage.js", "lib/ConnectorError.js"])
    cpSync(join(root, file), join(folder, file));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(join(root, "node_modules/import-meta-resolve"), join(modules, "import-meta-resolve"), "junction");
  for (const [name, code] of Object.entries(packages)) {
    mkdirSync(join(modules, name));
    writeFileSync(join(modules, name, "package.json"), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(modules, name, "index.js"), code);
  }
  const url = pathToFileURL(join(folder, "lib/files/optionalPackage.js")).href;
  const helper = (await import(url)) as { importOptionalPackage: typeof importOptionalPackage };
  return helper.importOptionalPackage;
}

const errorOf = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe("An optional package", () => {
  it("is imported where it is installed", async () => {
    const importPackage = await installBeside({ whole: "export const answer = 42;" });
    expect(await importPackage("whole")).to.include({ answer: 42 });
  });

  it("is named with the command that installs it where it is missing", async () => {
    const importPackage = await installBeside({});
    expect(await errorOf(importPackage("missing"))).to.include({
      code: "usage/missing-package",
      message: "This needs another package: npm install missing",
    });
  });

  it("fails with its own error where it is installed and broken", async () => {
    const importPackage = await installBeside({ torn: 'import "absent";', faulty: 'throw new Error("a fault");' });
    expect(await errorOf(importPackage("torn"))).to.include({ code: "ERR_MODULE_NOT_FOUND" });
    expect(await errorOf(importPackage("faulty"))).to.include({ message: "a fault" });
  });
});
