import type { Argv } from "yargs";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { ServiceOptions } from "itwin-connector-service";
import { ConnectorError } from "../ConnectorError.js";
import { defineCommand } from "./defineCommand.js";
import { ExitCode, exitCodeFor } from "./exitCodes.js";
import { interruptible } from "./interruption.js";
import { loadService } from "./optionalPackages.js";
import { writeError } from "./report.js";
import { endWithSupervisor, supervise } from "./supervise.js";

const sharedFlags = {
  config: { type: "string", requiresArg: true, describe: "JSON configuration file" },
  data: { type: "string", requiresArg: true, describe: "Data directory (default service-data)" },
  workers: { type: "number", requiresArg: true, describe: "Number of runs to execute at a time (default 2)" },
  restart: { type: "boolean", describe: "Start the process again if it ends by an error or is killed" },
} as const;

const epilogue = `Flags override the configuration file. DATABASE_URL names a Postgres server;
without it, the service uses an embedded database in the data directory.
docs/operate.md describes the configuration.
Exit codes: 0 stopped by a signal; 1 failed; 2 wrong usage.`;

interface WorkFlags {
  config?: string;
  data?: string;
  workers?: number;
  restart?: boolean;
}

interface ServeFlags extends WorkFlags {
  port?: number;
  host?: string;
}

/** `connector-runner serve`. */
export const addServe = defineCommand({
  command: "serve",
  describe: "Start a Storage and Synchronization service",
  builder: (parser: Argv) =>
    parser
      .usage("$0 serve [options]\n\nStarts a service with the Storage and Synchronization APIs.")
      .options({
        ...sharedFlags,
        port: { type: "number", requiresArg: true, describe: "Port to listen on (default 3001; 0 for any free port)" },
        host: { type: "string", requiresArg: true, describe: "Address to listen on (default 127.0.0.1)" },
      })
      .example("$0 serve --config service.json", "Use the connectors in service.json")
      .epilogue(epilogue),
  run: async (flags) => (flags.restart ? supervise(serveArgs("serve", flags)) : serve(flags)),
});

/** `connector-runner work`. */
export const addWork = defineCommand({
  command: "work",
  describe: "Execute runs of a service that another process serves",
  builder: (parser: Argv) =>
    parser
      .usage("$0 work [options]\n\nExecutes runs of a service that another process serves.")
      .options(sharedFlags)
      .epilogue(epilogue),
  run: async (flags) => (flags.restart ? supervise(serveArgs("work", flags)) : work(flags)),
});

/** The command line of the process that is supervised. */
function serveArgs(command: string, { config, data, workers, port, host }: ServeFlags): string[] {
  const flags = Object.entries({ config, data, workers, port, host }).filter(([, value]) => value !== undefined);
  return [command, ...flags.map(([name, value]) => `--${name}=${value}`)];
}

/** Serves until a signal ends the process. */
async function serve(flags: ServeFlags): Promise<ExitCode> {
  const { startService, credentialsFile } = await loadService();
  const options = await readOptions(flags);
  return untilSignal(async () => {
    const service = await startService(options);
    process.stderr.write(`The service listens on ${service.url}\n`);
    const hasOwnClient = options.issuer === undefined && (options.clients ?? []).length === 0;
    const credentials = join(resolve(options.dataDirectory ?? "service-data"), credentialsFile);
    if (hasOwnClient) process.stderr.write(`Its credentials are in ${credentials}\n`);
    return service;
  });
}

/** Executes runs until a signal ends the process. */
async function work(flags: WorkFlags): Promise<ExitCode> {
  const { startWorker } = await loadService();
  const options = await readOptions(flags);
  return untilSignal(async () => {
    const worker = await startWorker(options);
    process.stderr.write("Waiting for runs\n");
    return worker;
  });
}

/** The environment, then the file, then the flags; a later value overrides an earlier one. */
async function readOptions({ config, data, workers, port, host }: ServeFlags): Promise<ServiceOptions> {
  const { checkOptions, readConfig } = await loadService();
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

/** Waits for a signal, also while it starts, then closes what was started. A second signal ends the process at once. */
async function untilSignal(start: () => Promise<{ close(): Promise<void> }>): Promise<ExitCode> {
  const interruption = new AbortController();
  endWithSupervisor();
  const serve = async () => {
    const running = await start();
    if (!interruption.signal.aborted) await once(interruption.signal, "abort");
    process.stderr.write("Stopping. A second signal ends the process at once.\n");
    await running.close();
    return ExitCode.Done;
  };
  try {
    return await interruptible(serve, () => interruption.abort());
  } catch (error) {
    writeError(error, { verbose: false });
    return error instanceof ConnectorError ? exitCodeFor(error) : ExitCode.Failed;
  }
}
