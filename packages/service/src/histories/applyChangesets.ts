/**
 * The program that brings a checkpoint to a version. Applying changesets is synchronous and takes from milliseconds to
 * minutes: a process that answers requests does not do it itself.
 */
import { BankHubAccess } from "itwin-connector-framework/internal";
import { IModelBank } from "itwin-connector-framework/internal";
import { bringTo } from "itwin-connector-framework/internal";
import { startHost } from "itwin-connector-framework/internal";
import { writeVersionZero } from "itwin-connector-framework/internal";
import { messageOf } from "itwin-connector-framework/internal";

/** What the program is told, as JSON, in its only argument. */
export interface ApplyArgs {
  /** The folder of the bank. */
  bank: string;
  iModelId: string;
  version: number;
  /** The checkpoint. */
  path: string;
}

const { bank, iModelId, version, path } = JSON.parse(process.argv[2] ?? "") as ApplyArgs;
const stopHost = await startHost();
try {
  await bringTo(new BankHubAccess(IModelBank.open(bank), writeVersionZero), iModelId, version, path);
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
} finally {
  await stopHost();
}
