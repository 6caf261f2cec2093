import { dirname, isAbsolute, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { readJson } from "itwin-connector-framework/internal";
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
  checkOptions(config, file);
  return fromFolder(config as ServiceOptions, dirname(file));
}

/**
 * Checks what a service is told.
 * @param file - where it stands, if it stands in a file
 * @throws ConnectorError `usage/config`, with each value that is wrong
 */
export function checkOptions(options: unknown, file?: string): void {
  const faults = faultsOf(options).map((fault) => `${placeOf(fault)} ${describe(fault)}`);
  if (faults.length > 0) throw wrong(file, faults.join("; "));
}

async function parse(file: string): Promise<unknown> {
  try {
    return await readJson(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw wrong(file, isMissing ? "there is no such file" : messageOf(error), error);
  }
}

/** Where a value fits none of several forms, only that is said, not what each form would want. */
function faultsOf(config: unknown): ErrorObject[] {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(ConfigFile);
  if (validate(config)) return [];
  const faults = validate.errors ?? [];
  const forms = faults.filter(({ keyword }) => keyword === "anyOf").map(({ schemaPath }) => schemaPath);
  return faults.filter(({ schemaPath }) => !forms.some((form) => schemaPath.startsWith(`${form}/`)));
}

function placeOf({ instancePath }: ErrorObject): string {
  return instancePath === "" ? "it" : instancePath.slice(1).replaceAll("/", ".");
}

function describe({ message = "is wrong", params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  if (additionalProperty !== undefined) return `cannot have the field ${additionalProperty}`;
  const detail = allowedValues?.join(", ");
  return detail === undefined ? message : `${message} (${detail})`;
}

function wrong(file: string | undefined, what: string, cause?: unknown): ConnectorError {
  return new ConnectorError("usage/config", `The configuration cannot be used: ${what}.`, {
    cause,
    source: file === undefined ? undefined : { file },
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
