import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { resolve as resolveModule } from "import-meta-resolve";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ITwinConnector } from "./ITwinConnector.js";

const expected =
  "Export a function getConnectorInstance() that returns an ITwinConnector, or by default a class that extends " +
  "ITwinConnector or that has a static create() which returns one.";

/**
 * Loads a connector module, ESM or CommonJS, and makes the connector. The module exports one of
 * - `getConnectorInstance()`, which returns a connector or a promise of one;
 * - by default a class that extends `ITwinConnector`, without parameters of its constructor;
 * - by default a class with a static `create()`, which returns a connector or a promise of one.
 * @param connectorModule a path, absolute or relative to the working directory, or the name of a package that is
 * installed there
 * @throws ConnectorError `load/...` that says what was found and what was expected
 */
export async function loadConnector(connectorModule: string): Promise<ITwinConnector> {
  const url = locate(connectorModule);
  const exports = await importModule(connectorModule, url);
  const make = findFactory(exports);
  if (make === undefined)
    throw new ConnectorError("load/no-connector", `${connectorModule} ${describeExports(exports)}.`, {
      phase: "load",
      advice: expected,
    });
  return checkConnector(connectorModule, await callFactory(connectorModule, make));
}

function locate(connectorModule: string): string {
  const path = resolve(connectorModule);
  const isPath = existsSync(path) || isAbsolute(connectorModule) || /^\.{1,2}[/\\]/.test(connectorModule);
  try {
    // require.resolve also finds the main module of a folder; what it names is imported all the same.
    if (isPath) return pathToFileURL(createRequire(import.meta.url).resolve(path)).href;
    return resolveModule(connectorModule, pathToFileURL(join(process.cwd(), "_")).href);
  } catch (error) {
    throw new ConnectorError("load/module-not-found", `There is no connector module ${connectorModule}.`, {
      phase: "load",
      cause: error,
      advice: `Give the path of a module (looked for: ${path}) or the name of a package installed in ${process.cwd()}.`,
    });
  }
}

async function importModule(connectorModule: string, url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    throw new ConnectorError("load/module-failed", `${connectorModule} cannot be loaded: ${messageOf(error)}`, {
      phase: "load",
      cause: error,
      advice: "Fix the module. --verbose shows where it fails.",
    });
  }
}

type Factory = () => unknown;
type ConnectorClass = (new () => unknown) & { create?: () => unknown };

/** The exports of a CommonJS module are the default export of its ESM view, whose own default may lie one deeper. */
function findFactory(exports: Record<string, unknown>): Factory | undefined {
  const layers = [exports, exports.default, (exports.default as Record<string, unknown> | undefined)?.default];
  for (const layer of layers) {
    const getConnectorInstance = (layer as Record<string, unknown> | undefined)?.getConnectorInstance;
    if (typeof getConnectorInstance === "function") return getConnectorInstance as Factory;
  }
  for (const layer of layers) {
    const factory = typeof layer === "function" ? factoryOfClass(layer as ConnectorClass) : undefined;
    if (factory !== undefined) return factory;
  }
  return undefined;
}

function factoryOfClass(candidate: ConnectorClass): Factory | undefined {
  const { create } = candidate;
  if (typeof create === "function") return () => create.call(candidate);
  if (extendsByName(candidate)) return () => new candidate();
  return undefined;
}

/** By name, so that a class that extends another copy of the framework is recognized, and then refused with a reason. */
function extendsByName(candidate: unknown): boolean {
  for (let current = candidate; typeof current === "function"; current = Object.getPrototypeOf(current))
    if (current.name === ITwinConnector.name) return true;
  return false;
}

async function callFactory(connectorModule: string, make: Factory): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    throw new ConnectorError(
      "load/connector-failed",
      `${connectorModule} cannot make its connector: ${messageOf(error)}`,
      {
        phase: "load",
        cause: error,
        advice: "Fix the module. --verbose shows where it fails.",
      },
    );
  }
}

function checkConnector(connectorModule: string, connector: unknown): ITwinConnector {
  if (connector instanceof ITwinConnector) return connector;
  if (typeof connector === "object" && extendsByName(connector?.constructor))
    throw new ConnectorError(
      "load/other-framework",
      `${connectorModule} extends the ITwinConnector of another copy of itwin-connector-framework.`,
      { phase: "load", advice: "Install the framework once, as a peer dependency of the connector (see `npm ls`)." },
    );
  throw new ConnectorError(
    "load/no-connector",
    `${connectorModule} makes ${describe(connector)}, not an ITwinConnector.`,
    {
      phase: "load",
      advice: expected,
    },
  );
}

function describeExports(exports: Record<string, unknown>): string {
  const names = Object.keys(exports).filter((name) => name !== "module.exports");
  if (names.length === 0) return "exports nothing";
  return `exports ${names.map((name) => `${name} (${describe(exports[name])})`).join(", ")}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return /^class\b/.test(String(value)) ? `class ${value.name}` : "a function";
  if (typeof value !== "object") return `a ${typeof value}`;
  // Namespaces of modules, and what Object.create(null) makes, have no constructor.
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name !== "string" || name === "Object" ? "an object" : `a ${name}`;
}
