import { ConnectorError } from "../../ConnectorError.js";
import { clientCredentials } from "itwin-connector-client";
import { ServiceClient } from "itwin-connector-client";
import { ExitCode, exitCodeFor } from "../exitCodes.js";
import { writeFailure } from "../report.js";
import { startLocalService, type LocalService } from "./localService.js";
import { tokensFor, type ServiceFlags } from "./serviceFlags.js";

/** What a command works with that talks to a service. */
export interface ServiceSession {
  client: ServiceClient;
  /** The service, where it was started for this command. */
  local?: LocalService;
  /** Is aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Says what goes on after Ctrl-C, and how to look at it again. */
  onInterrupt: (message: string) => void;
}

/**
 * Carries out a command that talks to a service: the one at the URL, or one that is started for it. Ctrl-C ends the waiting; a
 * second one the process.
 */
export async function withService(
  flags: ServiceFlags,
  work: (session: ServiceSession) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interruption = new AbortController();
  let farewell = "Nothing was started. The same command goes on where this one ended.";
  const onSignal = () => {
    process.stderr.write(`\n${farewell}\n`);
    interruption.abort();
  };
  process.once("SIGINT", onSignal);
  try {
    const local = await startIfLocal(flags);
    try {
      const client = await makeClient(flags, local);
      const onInterrupt = (message: string) => (farewell = message);
      return await work({ client, local, signal: interruption.signal, onInterrupt });
    } finally {
      await local?.close();
    }
  } catch (error) {
    if (interruption.signal.aborted) return ExitCode.Interrupted;
    writeFailure(error, flags);
    return error instanceof ConnectorError ? exitCodeFor(error) : ExitCode.Failed;
  } finally {
    process.off("SIGINT", onSignal);
  }
}

async function startIfLocal(flags: ServiceFlags): Promise<LocalService | undefined> {
  if (!flags.local) {
    if (flags.url === undefined) throw wrong("Which service?", "Give --url URL, or --local for one of your own.");
    return undefined;
  }
  if (flags.wait === false)
    throw wrong("A service that is started with --local ends with the command.", "Leave --no-wait out.");
  return startLocalService(flags);
}

async function makeClient(flags: ServiceFlags, local: LocalService | undefined): Promise<ServiceClient> {
  const { timeout, retries, verbose = false } = flags;
  const url = originOf(local?.url ?? flags.url!);
  const token = local === undefined ? await tokensFor(url, flags) : clientCredentials({ issuer: url, ...local.owner });
  const onRetry = (error: Error) => process.stderr.write(`again, because: ${error.message}\n`);
  return new ServiceClient({ url, token, timeoutSeconds: timeout, retries, onRetry: verbose ? onRetry : undefined });
}

/** Of a URL of anything in the service. What is no URL is left as it is, and refused by the client. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function wrong(message: string, advice: string): ConnectorError {
  return new ConnectorError("usage/service", message, { phase: "arguments", advice });
}
