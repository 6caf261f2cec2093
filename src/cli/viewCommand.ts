import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Argv } from "yargs";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { interruptible } from "./interruption.js";
import { onHost } from "./onHost.js";
import { loadViewer } from "./optionalPackages.js";
import type { OutputFlags } from "./outputFlags.js";

interface ViewFlags extends OutputFlags {
  file: string;
  before?: string;
  port?: number;
  open?: boolean;
}

/** `connector-runner view`. */
export const addView = defineCommand({
  command: "view <file>",
  describe: "Show an iModel in the browser",
  builder: (parser: Argv) =>
    parser
      .usage("$0 view FILE [options]\n\nShows an iModel in the browser, until Ctrl-C.")
      .positional("file", { type: "string", demandOption: true, describe: "Path of the iModel" })
      .options({
        before: { type: "string", requiresArg: true, describe: "Path of an earlier iModel: show what changed since" },
        port: { type: "number", requiresArg: true, describe: "Port to listen on (default: any free port)" },
        open: { type: "boolean", describe: "Open the browser; --no-open only prints the address (default: true)" },
        verbose: { type: "boolean", describe: "Print the stack of an error" },
      })
      .example("$0 view plant.bim", "Show plant.bim")
      .example("$0 view new.bim --before old.bim", "Show what changed from old.bim to new.bim")
      .epilogue("docs/see.md describes the page.\nExit codes: 0 ended by Ctrl-C; 1 failed; 2 wrong usage."),
  run: view,
});

/** Serves the page until a signal ends the command. */
async function view({ file, before, port, open = true, verbose = false }: ViewFlags): Promise<ExitCode> {
  const { viewIModel } = await loadViewer();
  const ended = new AbortController();
  const serve = async () => {
    const server = await viewIModel(file, { before, port });
    process.stdout.write(`${server.url}\nPress Ctrl-C to end.\n`);
    if (open) openBrowser(server.url);
    if (!ended.signal.aborted) await once(ended.signal, "abort");
    await server.close();
    return ExitCode.Done;
  };
  return onHost({ json: false, verbose }, "view/failed", async () => interruptible(serve, () => ended.abort()));
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
