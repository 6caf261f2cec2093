import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { copyCheckpoint } from "itwin-connector-framework/internal";
import type { IModelBank } from "itwin-connector-framework/internal";
import { programBeside } from "../platform/process/startProgram.js";
import type { ApplyArgs } from "./applyChangesets.js";

const program = programBeside(import.meta.url, "applyChangesets");

/**
 * Writes an iModel of a bank as it was at a version to a snapshot file, without keeping this process from anything else.
 * @param signal - ends it early
 * @throws ConnectorError `bank/...`, `service/checkout-failed`
 */
export async function checkOutVersion(
  bank: IModelBank,
  iModelId: string,
  version: number,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<void> {
  const { changesetIndex } = await copyCheckpoint(bank, iModelId, path, version);
  if (changesetIndex === version) return;
  const args: ApplyArgs = { bank: bank.layout.folder, iModelId, version, path };
  try {
    await promisify(execFile)(process.execPath, [...process.execArgv, program, JSON.stringify(args)], { signal });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const message = `Version ${version} of ${iModelId} cannot be made: ${stderr || messageOf(error)}`;
    throw new ConnectorError("service/checkout-failed", message, {
      cause: error,
      advice: "Check the bank of this machine with connector-runner bank verify.",
    });
  }
}
