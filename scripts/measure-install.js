// Measures what a package adds to a project beyond the packages of the platform: packs it, installs the tarball into an
// empty project, and prints { "packages", "bytes" } with the names of the packages, its own included.
// Usage: node scripts/measure-install.js PACKAGE_FOLDER [PROJECT_FOLDER]
// Without a PROJECT_FOLDER the project is temporary. The registry must be reachable.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What every program that works with iModels has installed. */
const platform = [
  "@itwin/core-backend",
  "@itwin/core-bentley",
  "@itwin/core-common",
  "@itwin/core-geometry",
  "@itwin/ecschema-metadata",
];

const root = fileURLToPath(new URL("..", import.meta.url));
const [packageFolder, projectFolder] = process.argv.slice(2);
if (packageFolder === undefined) {
  console.error("Usage: node scripts/measure-install.js PACKAGE_FOLDER [PROJECT_FOLDER]");
  process.exit(2);
}

const project = resolve(projectFolder ?? mkdtempSync(join(tmpdir(), "install-")));
try {
  install(packageFolder, project);
  console.log(JSON.stringify(measure(project), undefined, 2));
} finally {
  if (projectFolder === undefined) rmSync(project, { recursive: true });
}

/** Installs a package as its users do. Scripts are left out: only the platform's native package has one. */
function install(folder, project) {
  mkdirSync(project, { recursive: true });
  const { overrides, devDependencies } = readJson(join(root, "package.json"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module", overrides }));
  writeFileSync(join(project, ".npmrc"), "engine-strict=true\n");
  const tarball = execFileSync(process.execPath, [join(root, "scripts", "pack.js"), folder, project], {
    encoding: "utf8",
  }).trim();
  const platformVersion = `@itwin/core-backend@${devDependencies["@itwin/core-backend"]}`; // the tested one
  npm(project, "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball, platformVersion);
  rmSync(tarball);
}

function npm(folder, ...args) {
  return execFileSync("npm", [...args, "--loglevel=error"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function measure(project) {
  const own = closure(platform, project);
  const added = packagesIn(project).filter((folder) => !own.has(folder));
  return {
    packages: added.length,
    bytes: added.reduce((sum, folder) => sum + bytesOf(folder), 0),
    names: added.map((folder) => readJson(join(folder, "package.json")).name),
  };
}

/** The folders of packages and of all that they depend on, where those are installed. */
function closure(names, project) {
  const found = new Set();
  const visit = (name, from) => {
    const folder = findPackage(name, from);
    if (folder === undefined || found.has(folder)) return;
    found.add(folder);
    const { dependencies, optionalDependencies, peerDependencies } = readJson(join(folder, "package.json"));
    const needed = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const dependency of Object.keys(needed)) visit(dependency, folder);
  };
  for (const name of names) visit(name, project);
  return found;
}

/** Finds a package as Node does: in the folder of the one that needs it, or above. */
function findPackage(name, from) {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  return dirname(from) === from ? undefined : findPackage(name, dirname(from));
}

/** The folders of all packages below a folder, also of those that belong to another package. */
function packagesIn(folder) {
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) return [];
  const names = readdirSync(modules).filter((name) => !name.startsWith("."));
  return names
    .flatMap((name) => (name.startsWith("@") ? readdirSync(join(modules, name)).map((one) => join(name, one)) : [name]))
    .map((name) => join(modules, name))
    .flatMap((one) => [one, ...packagesIn(one)]);
}

/** The size of the files of a package, without the packages in it. */
function bytesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? bytesOf(path) : statSync(path).size), 0);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
