import { ConnectorError } from "../ConnectorError.js";
import { startHost } from "../imodel/host.js";
import { exitCodeFor, type ExitCode } from "./exitCodes.js";
import type { OutputFlags } from "./outputFlags.js";
import { writeFailure } from "./report.js";

/**
 * Carries out a command that needs the backend, and prints the error that it ends with.
 * @param code - of an error that is no `ConnectorError`
 */
export async function onHost(flags: OutputFlags, code: string, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const stopHost = await startHost();
  try {
    return await work();
  } catch (error) {
    const failure = ConnectorError.from(error, "arguments", code);
    writeFailure(failure, flags);
    return exitCodeFor(failure);
  } finally {
    await stopHost();
  }
}
