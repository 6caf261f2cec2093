import { join, resolve } from "node:path";
import type { Argv, Options } from "yargs";
import { ConnectorError } from "../ConnectorError.js";
import { ExitCode, exitCodeFor } from "./exitCodes.js";
import { writeError } from "./report.js";
import type { ServiceOptions } from "itwin-connector-service";

/** The command that starts the synchronization service. */
export const serveCommand = "serve";

/** The command that starts more workers for a service. */
export const workCommand = "work";

const sharedFlags: Record<string, Options> = {
  config: { type: "string", requiresArg: true, describe: "A JSON file with all that a service can be told" },
  data: { type: "string", requiresArg: true, describe: "Where the service keeps what it has (default service-data)" },
  workers: { type: "number", requiresArg: true, describe: "How many runs this process executes at a time (default 2)" },
};

const epilogue = `A flag wins over the configuration file. DATABASE_URL names a Postgres server;
without it the service has one of its own, in the data directory.
docs/operate.md tells the rest.`;

/** Adds what the command takes to the parser of a command line. */
export function withServeFlags(command: Argv): Argv {
  return command
    .usage("$0 serve [options]\n\nServes Storage and Synchronization to clients.")
    .options({
      ...sharedFlags,
      port: { type: "number", requiresArg: true, describe: "The port to listen on (default 3001; 0 for any)" },
      host: { type: "string", requiresArg: true, describe: "The address to listen on (default 127.0.0.1)" },
    })
    .example("$0 serve --config service.json", "Serve with the connectors of the file")
    .epilogue(epilogue);
}

/** Adds what the command takes to the parser of a command line. */
export function withWorkFlags(command: Argv): Argv {
  return command
    .usage("$0 work [options]\n\nExecutes runs of a service that is elsewhere.")
    .options(sharedFlags)
    .epilogue(epilogue);
}

interface ServeFlags {
  config?: string;
  data?: string;
  workers?: number;
  port?: number;
  host?: string;
}

/** Serves until the process is told to end. */
export async function runServe(parsed: Record<string, unknown>): Promise<ExitCode> {
  const { startService, credentialsFile } = await import("itwin-connector-service");
  const options = await readOptions(parsed);
  return untilTold(async () => {
    const service = await startService(options);
    process.stderr.write(`The service listens on ${service.url}\n`);
    const isOwn = options.issuer === undefined && (options.clients ?? []).length === 0;
    const credentials = join(resolve(options.dataDirectory ?? "service-data"), credentialsFile);
    if (isOwn) process.stderr.write(`The client to sign in with is in ${credentials}\n`);
    return service;
  });
}

/** Works until the process is told to end. */
export async function runWork(parsed: Record<string, unknown>): Promise<ExitCode> {
  const { startWorker } = await import("itwin-connector-service");
  const options = await readOptions(parsed);
  return untilTold(async () => {
    const worker = await startWorker(options);
    process.stderr.write("Waiting for runs\n");
    return worker;
  });
}

/** The environment, then the file, then the flags; a later one wins. */
async function readOptions({ config, data, workers, port, host }: ServeFlags): Promise<ServiceOptions> {
  const { checkOptions, readConfig } = await import("itwin-connector-service");
  const flags = { dataDirectory: data, workers, port, host };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  checkOptions(given);
  const databaseUrl = process.env.DATABASE_URL;
  return {
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(config === undefined ? {} : await readConfig(config)),
    ...given,
  };
}

/** Waits for SIGINT or SIGTERM, then closes what was started. A second signal ends the process at once. */
async function untilTold(start: () => Promise<{ close(): Promise<void> }>): Promise<ExitCode> {
  let running;
  try {
    running = await start();
  } catch (error) {
    writeError(error, { verbose: false });
    return error instanceof ConnectorError ? exitCodeFor(error) : ExitCode.Failed;
  }
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  process.stderr.write("Ending; once more to end at once\n");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(ExitCode.Failed));
  await running.close();
  return ExitCode.Done;
}
