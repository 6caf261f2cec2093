// Packs a package as it is published: without what only its developers read. The comments of compiled code are left out,
// which the declarations have too, and declarations that no entry of the package leads to.
// Usage: node scripts/pack.js PACKAGE_FOLDER DESTINATION
// The package must be built. Prints the path of the tarball.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { transformSync } from "esbuild";

const [packageFolder, destination] = process.argv.slice(2);
if (packageFolder === undefined || destination === undefined) {
  console.error("Usage: node scripts/pack.js PACKAGE_FOLDER DESTINATION");
  process.exit(2);
}

const relativeImport = /(?:\bfrom|\bimport\(|\bimport)\s*"(\.[^"]+)"/g;

const staging = mkdtempSync(join(tmpdir(), "pack-"));
try {
  execFileSync("tar", ["-xzf", npmPack(packageFolder, staging), "-C", staging]);
  const staged = join(staging, "package");
  removeComments(staged);
  removeHiddenDeclarations(staged);
  console.log(npmPack(staged, resolve(destination)));
} finally {
  rmSync(staging, { recursive: true });
}

/** @returns the path of the tarball */
function npmPack(folder, destination) {
  const args = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", destination];
  const printed = execFileSync("npm", args, { cwd: resolve(folder), encoding: "utf8" });
  return join(destination, printed.trim().split("\n").at(-1));
}

/** Bundles stay as they are: they have no line that leads to a source map. */
function removeComments(folder) {
  for (const path of compiledFiles(folder, ".js")) {
    const compiled = readFileSync(path, "utf8");
    if (!compiled.includes("//# sourceMappingURL=")) continue;
    const { code } = transformSync(compiled, { target: "esnext", legalComments: "inline" });
    writeFileSync(path, code);
  }
}

/** Removes the declarations that a user of the package cannot import, nor anything that refers to them. */
function removeHiddenDeclarations(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entries = Object.values(exports ?? {}).flatMap((entry) => entry.types ?? entry.node?.types ?? []);
  if (entries.length === 0) return;
  const reached = new Set();
  for (const entry of entries) follow(resolve(folder, entry), reached);
  for (const path of compiledFiles(folder, ".d.ts")) if (!reached.has(path)) rmSync(path);
}

/** Collects a declaration file and all those that it imports. */
function follow(path, reached) {
  if (reached.has(path) || !existsSync(path)) return;
  reached.add(path);
  for (const [, target] of readFileSync(path, "utf8").matchAll(relativeImport))
    follow(resolve(dirname(path), target.replace(/\.js$/, ".d.ts")), reached);
}

function compiledFiles(folder, ending) {
  const lib = join(folder, "lib");
  if (!existsSync(lib)) return [];
  return readdirSync(lib, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(lib, name));
}
