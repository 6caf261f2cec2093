import { clientCredentials, ServiceClient, type TokenSource } from "itwin-connector-client";
import { ConnectorError } from "../../ConnectorError.js";
import type { ExitCode } from "../exitCodes.js";
import { exitCodeOf, interruptible, type InterruptSignal } from "../interruption.js";
import { startLocalService, type LocalService } from "./localService.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { tokensFor } from "./tokens.js";

/** What a command needs to talk to a service. */
export interface ServiceSession {
  client: ServiceClient;
  /** The service, if it was started for this command. */
  local?: LocalService;
  /** Is aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Sets the message after Ctrl-C: what continues, and how to follow it. */
  onInterrupt: (message: string) => void;
}

/**
 * Executes a command on the service at the URL, or on one that is started for it. Ctrl-C stops waiting; a second Ctrl-C ends
 * the process.
 */
export async function withService(
  flags: ServiceFlags,
  work: (session: ServiceSession) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interruption = new AbortController();
  let farewell = "Nothing was started. Repeat the command to continue.";
  const onSignal = (signal: InterruptSignal) => {
    process.stderr.write(`\n${farewell}\n`);
    interruption.abort(signal);
  };
  const { signal } = interruption;
  const onInterrupt = (message: string) => (farewell = message);
  try {
    return await interruptible(() => useService(flags, { signal, onInterrupt }, work), onSignal);
  } catch (error) {
    if (signal.aborted) return exitCodeOf(signal.reason as InterruptSignal);
    throw error;
  }
}

async function useService(
  flags: ServiceFlags,
  interruption: Pick<ServiceSession, "signal" | "onInterrupt">,
  work: (session: ServiceSession) => Promise<ExitCode>,
): Promise<ExitCode> {
  const service = await chooseService(flags);
  try {
    return await work({ client: makeClient(service, flags), local: service.local, ...interruption });
  } finally {
    await service.local?.close();
  }
}

/** A service, and how a client signs in. */
interface ServiceAccess {
  url: string;
  token: TokenSource;
  local?: LocalService;
}

async function chooseService(flags: ServiceFlags): Promise<ServiceAccess> {
  if (flags.local) return startForCommand(flags);
  if (flags.url === undefined) throw wrong("No service was given.", "Give --url URL, or --local to start a service.");
  const url = originOf(flags.url);
  return { url, token: await tokensFor(url, flags) };
}

async function startForCommand(flags: ServiceFlags): Promise<ServiceAccess> {
  if (flags.wait === false)
    throw wrong("A service that is started with --local ends with the command.", "Omit --no-wait.");
  const local = await startLocalService(flags);
  const url = originOf(local.url);
  return { url, token: clientCredentials({ issuer: url, ...local.owner }), local };
}

function makeClient({ url, token }: ServiceAccess, flags: ServiceFlags): ServiceClient {
  const { timeout, retries, verbose = false } = flags;
  const onRetry = (error: Error) => process.stderr.write(`repeating a request: ${error.message}\n`);
  return new ServiceClient({ url, token, timeoutSeconds: timeout, retries, onRetry: verbose ? onRetry : undefined });
}

/** The origin of any URL of a service. An invalid URL is left as it is; the client refuses it. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function wrong(message: string, advice: string): ConnectorError {
  return new ConnectorError("usage/service", message, { phase: "arguments", advice });
}
