// Module hooks for tests and measurements in TypeScript. An import of a source file resolves to its built file: a process pays
// for no compiler, and each package is loaded once. Tests themselves are transpiled once and cached until they change.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url).href;
const cache = new URL("node_modules/.cache/tests/", root);

export function resolve(specifier, context, next) {
  const url = ownFile(specifier, context.parentURL);
  const actual = url && (builtFile(url) ?? typeScriptFile(url));
  return actual ? { url: actual, format: "module", shortCircuit: true } : next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith(root) || !url.endsWith(".ts")) return next(url, context);
  return { format: "module", source: await transpiled(url), shortCircuit: true };
}

/** The URL of a file of this repository that is imported by its path. */
function ownFile(specifier, parent) {
  if (!/^(\.{1,2}\/|\/|file:)/.test(specifier)) return undefined;
  const { href } = new URL(specifier, parent);
  return href.startsWith(root) && !href.includes("/node_modules/") ? href : undefined;
}

/** The file that is built from a source file, if there is one. */
function builtFile(url) {
  const [, packageFolder = "", path] =
    /^((?:packages|connectors)\/[^/]+\/)?src\/(.*)\.[jt]s$/.exec(url.slice(root.length)) ?? [];
  return existing(path && `${root}${packageFolder}lib/${path}.js`);
}

/** The TypeScript file that an import of a JavaScript file means, as `tsc` reads it. */
function typeScriptFile(url) {
  if (url.endsWith(".ts")) return existing(url);
  return url.endsWith(".js") && !existing(url) ? existing(url.replace(/js$/, "ts")) : undefined;
}

function existing(url) {
  return url && existsSync(fileURLToPath(url)) ? url : undefined;
}

async function transpiled(url) {
  const text = readFileSync(fileURLToPath(url), "utf8");
  const place = new URL(`${createHash("sha256").update(url).update(text).digest("hex")}.js`, cache);
  if (existsSync(place)) return readFileSync(place, "utf8");
  const { default: typescript } = await import("typescript");
  const { ESNext, ES2022 } = { ...typescript.ModuleKind, ...typescript.ScriptTarget };
  const compilerOptions = { target: ES2022, module: ESNext, verbatimModuleSyntax: true, inlineSourceMap: true };
  const { outputText } = typescript.transpileModule(text, { fileName: fileURLToPath(url), compilerOptions });
  save(outputText, place);
  return outputText;
}

/** Another process may write or read the same file at this time. */
function save(text, place) {
  mkdirSync(cache, { recursive: true });
  const own = new URL(`${place.href}.${process.pid}`);
  writeFileSync(own, text);
  renameSync(own, place);
}
