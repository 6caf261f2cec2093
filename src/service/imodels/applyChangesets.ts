/**
 * The program that brings a checkpoint to a version. Applying changesets is synchronous and takes from milliseconds to
 * minutes: a process that answers requests does not do it itself.
 */
import { BankHubAccess } from "../../hub/BankHubAccess.js";
import { IModelBank } from "../../hub/IModelBank.js";
import { bringTo } from "../../imodel/checkpoints.js";
import { startHost } from "../../imodel/host.js";
import { writeVersionZero } from "../../imodel/native.js";
import { messageOf } from "../../ConnectorError.js";

/** What the program is told, as JSON, in its only argument. */
export interface ApplyArgs {
  /** The folder of the bank. */
  bank: string;
  iModelId: string;
  version: number;
  /** The checkpoint. */
  path: string;
}

const { bank, iModelId, version, path } = JSON.parse(process.argv[2]!) as ApplyArgs;
const stopHost = await startHost();
try {
  await bringTo(new BankHubAccess(IModelBank.open(bank), writeVersionZero), iModelId, version, path);
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
} finally {
  await stopHost();
}
