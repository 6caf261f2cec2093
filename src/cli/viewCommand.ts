import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Argv } from "yargs";
import type { IModelServer } from "itwin-connector-viewer";
import { ConnectorError } from "../ConnectorError.js";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { interruptible } from "./interruption.js";
import { onHost } from "./onHost.js";
import { loadViewer } from "./optionalPackages.js";
import type { OutputFlags } from "./outputFlags.js";

type Viewer = typeof import("itwin-connector-viewer");

interface ViewFlags extends OutputFlags {
  file: string;
  imodel?: string;
  from?: string;
  to?: string;
  before?: string;
  port?: number;
  open?: boolean;
}

const version = { type: "string", requiresArg: true } as const;

/** `connector-runner view`. */
export const addView = defineCommand({
  command: "view <file> [imodel]",
  describe: "Show an iModel in the browser",
  builder: (parser: Argv) =>
    parser
      .usage("$0 view FILE [options]\n$0 view BANK IMODEL [options]\n\nShows an iModel in the browser, until Ctrl-C.")
      .positional("file", { type: "string", demandOption: true, describe: "Path of the iModel, or of a bank" })
      .positional("imodel", { type: "string", describe: "An iModel of the bank: name or id" })
      .options({
        before: { type: "string", requiresArg: true, describe: "Path of an earlier iModel: show what changed since" },
        from: { ...version, describe: "With a bank: show what changed since this version" },
        to: { ...version, describe: "With a bank: index, name or changeset id of the version (default: the latest)" },
        port: { type: "number", requiresArg: true, describe: "Port to listen on (default: any free port)" },
        open: { type: "boolean", describe: "Open the browser; --no-open only prints the address (default: true)" },
        verbose: { type: "boolean", describe: "Print the stack of an error" },
      })
      .example("$0 view plant.bim", "Show plant.bim")
      .example("$0 view new.bim --before old.bim", "Show what changed from old.bim to new.bim")
      .example("$0 view bank Plant --from 3 --to 7", "Show what changed between two versions in a bank")
      .epilogue("docs/see.md describes the page.\nExit codes: 0 ended by Ctrl-C; 1 failed; 2 wrong usage."),
  run: view,
});

/** Serves the page until a signal ends the command. */
async function view({ port, open = true, verbose = false, ...shown }: ViewFlags): Promise<ExitCode> {
  const viewer = await loadViewer();
  const ended = new AbortController();
  const untilEnd = async () => {
    const server = await serve(viewer, { port, ...shown });
    process.stdout.write(`${server.url}\nPress Ctrl-C to end.\n`);
    if (open) openBrowser(server.url);
    if (!ended.signal.aborted) await once(ended.signal, "abort");
    await server.close();
    return ExitCode.Done;
  };
  return onHost({ json: false, verbose }, "view/failed", async () => interruptible(untilEnd, () => ended.abort()));
}

/** Serves a file, or versions of an iModel in a bank. */
async function serve(viewer: Viewer, flags: ViewFlags): Promise<IModelServer> {
  const { file, imodel, from, to, before, port } = flags;
  if (imodel === undefined && (from ?? to) === undefined) return viewer.viewIModel(file, { before, port });
  const refuse = (message: string) => {
    throw new ConnectorError("usage/arguments", message, {
      advice: "Give FILE with --before, or BANK and IMODEL with --from and --to.",
    });
  };
  if (imodel === undefined) return refuse("--from and --to are for an iModel in a bank.");
  if (before !== undefined) return refuse("--before is for a file, not for an iModel in a bank.");
  return viewer.viewVersions(file, imodel, { from, to, port });
}

/** Asks the system to open an address. Where it cannot, the user has the printed address. */
function openBrowser(url: string): void {
  const [program, args] = opener(url);
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

function opener(url: string): [program: string, args: string[]] {
  if (process.platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", url]];
  return [process.platform === "darwin" ? "open" : "xdg-open", [url]];
}
