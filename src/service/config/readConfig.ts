import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import type { ConnectorConfig, ServiceOptions } from "./ServiceConfig.js";
import { ConfigFile } from "./configSchema.js";

/**
 * Reads a configuration file. Relative paths in it start at its folder.
 * @param path - of a JSON file
 * @throws ConnectorError `usage/config`, with the place in the file
 */
export async function readConfig(path: string): Promise<ServiceOptions> {
  const file = resolve(path);
  const config = await parse(file);
  const [fault] = faultsOf(config);
  if (fault !== undefined) throw wrong(file, `${placeOf(fault)} ${describe(fault)}`);
  return fromFolder(config as ServiceOptions, dirname(file));
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    throw wrong(file, messageOf(error), error);
  }
}

/** The deepest first: they say more than those of what is around them. */
function faultsOf(config: unknown): ErrorObject[] {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(ConfigFile);
  if (validate(config)) return [];
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  return [...validate.errors!].sort((left, right) => depth(right) - depth(left));
}

function placeOf({ instancePath }: ErrorObject): string {
  return instancePath === "" ? "it" : instancePath.slice(1).replaceAll("/", ".");
}

function describe({ message = "is wrong", params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  const detail = additionalProperty ?? allowedValues?.join(", ");
  return detail === undefined ? message : `${message} (${detail})`;
}

function wrong(file: string, what: string, cause?: unknown): ConnectorError {
  return new ConnectorError("usage/config", `The configuration ${file} cannot be used: ${what}.`, {
    cause,
    source: { file },
    advice: "docs/operate.md lists what it may hold.",
  });
}

function fromFolder(options: ServiceOptions, folder: string): ServiceOptions {
  const { connectors = {}, dataDirectory, storage } = options;
  const located = Object.entries(connectors).map(([type, connector]) => [type, locate(connector, folder)]);
  return {
    ...options,
    ...(dataDirectory === undefined ? {} : { dataDirectory: resolve(folder, dataDirectory) }),
    ...(storage?.kind === "folder" && storage.folder !== undefined
      ? { storage: { ...storage, folder: resolve(folder, storage.folder) } }
      : {}),
    connectors: Object.fromEntries(located) as Record<string, ConnectorConfig>,
  };
}

/** A module is a path where it begins like one; else it is a package, which is found from the working directory. */
function locate(connector: ConnectorConfig, folder: string): ConnectorConfig {
  const isPath = /^\.{1,2}[/\\]/.test(connector.module) || isAbsolute(connector.module);
  return isPath ? { ...connector, module: resolve(folder, connector.module) } : connector;
}
