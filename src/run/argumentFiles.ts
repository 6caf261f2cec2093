import { existsSync, readFileSync } from "node:fs";
import type { AccessToken } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";

/**
 * Reads a file with one argument a line.
 * @throws ConnectorError `usage/argument-file`
 */
export function readArgumentFile(path: string): string[] {
  const lines = readText(path, "usage/argument-file", "argument file").split(/\r?\n/);
  // There is no shell to take quotes away.
  return lines.map((line) => line.trim().replace(/^([^"]*)"(.*)"$/, "$1$2")).filter((line) => line !== "");
}

/**
 * Reads what a flag gives as JSON.
 * @param given - JSON, or the path of a JSON file
 * @throws ConnectorError `usage/args-json`
 */
export function readArgsJson(given: string, flagName = "argsJson"): unknown {
  const isInline = /^\s*[[{"]/.test(given);
  const json = isInline ? given : readText(given, "usage/args-json", "JSON file");
  try {
    return JSON.parse(json);
  } catch (error) {
    const where = isInline ? flagName : `The JSON file ${given}`;
    throw new ConnectorError("usage/args-json", `${where} is not JSON: ${messageOf(error)}`, {
      cause: error,
      advice: 'Give JSON in quotes, such as --argsJson \'{"idColumn":"tag"}\', or the path of a JSON file.',
    });
  }
}

/** Reads an access token. It is read again when it was refused, so that another program can renew it. */
export async function readToken(path: string): Promise<AccessToken> {
  return readText(path, "usage/access-token", "access token file").trim();
}

function readText(path: string, code: string, what: string): string {
  if (!existsSync(path)) throw new ConnectorError(code, `There is no ${what} ${path}.`, { advice: "Check the path." });
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConnectorError(code, `The ${what} ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
      advice: "Check the path, and that it may be read.",
    });
  }
}
