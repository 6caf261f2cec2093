import { ClientError } from "itwin-connector-client";
import { ConnectorError } from "../../ConnectorError.js";
import { exitCodeFor, ExitCode } from "../exitCodes.js";
import type { OutputFlags } from "../outputFlags.js";
import { writeFailure } from "../report.js";

/**
 * Executes a command that uses the client, and prints the error that it ends with.
 * @returns the exit code of the command, or that of the error
 */
export async function reportFailure(flags: OutputFlags, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    const failure = error instanceof ClientError ? asConnectorError(error) : error;
    writeFailure(failure, flags);
    return failure instanceof ConnectorError ? exitCodeFor(failure) : ExitCode.Failed;
  }
}

/** The client does not depend on the framework and has its own class of errors. */
function asConnectorError({ code, message, advice, file, cause, stack }: ClientError): ConnectorError {
  const error = new ConnectorError(code, message, {
    phase: code.startsWith("usage/") ? "arguments" : undefined,
    source: file === undefined ? undefined : { file },
    advice,
    cause,
  });
  error.stack = stack;
  return error;
}
