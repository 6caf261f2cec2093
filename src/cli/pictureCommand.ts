import type { Argv } from "yargs";
import type { Picture, PictureOptions } from "itwin-connector-viewer";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { onHost } from "./onHost.js";
import { loadViewer } from "./optionalPackages.js";
import type { OutputFlags } from "./outputFlags.js";
import { writeAsJson } from "./report.js";

interface PictureFlags extends OutputFlags {
  file: string;
  out: string;
  view?: PictureOptions["view"];
  highlight?: string[];
  before?: string;
  width?: number;
  height?: number;
  timeout?: number;
  overwrite?: boolean;
  quiet?: boolean;
}

const number = { type: "number", requiresArg: true } as const;

/** `connector-runner picture`. */
export const addPicture = defineCommand({
  command: "picture <file> <out>",
  describe: "Take a picture of an iModel",
  builder: (parser: Argv) =>
    parser
      .usage("$0 picture FILE OUT.png [options]\n\nTakes a picture of an iModel, by the Chromium of this machine.")
      .positional("file", { type: "string", demandOption: true, describe: "Path of the iModel" })
      .positional("out", { type: "string", demandOption: true, describe: "Path of the picture, a PNG file" })
      .options({
        view: {
          choices: ["iso", "top", "bottom", "front", "back", "left", "right"] as const,
          requiresArg: true,
          describe: "Where it is taken from (default: iso)",
        },
        highlight: {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "Ids, labels, codes or source identifiers of elements to draw in a colour",
        },
        before: { type: "string", requiresArg: true, describe: "Path of an earlier iModel: show what changed since" },
        width: { ...number, describe: "Width in pixels (default: 1280)" },
        height: { ...number, describe: "Height in pixels (default: 800)" },
        timeout: { ...number, describe: "Seconds to wait until everything is drawn (default: 300)" },
        overwrite: { type: "boolean", describe: "Replace the picture if it exists" },
        json: { type: "boolean", describe: "Print the result as JSON" },
        quiet: { type: "boolean", describe: "Print only errors", conflicts: "verbose" },
        verbose: { type: "boolean", describe: "Print the stack of an error" },
      })
      .example("$0 picture plant.bim plant.png --view top", "Take a picture from above")
      .example("$0 picture plant.bim pump.png --highlight P-101", "Show where the pump P-101 is")
      .epilogue(
        "CHROMIUM_PATH can name the program. docs/see.md has more.\nExit codes: 0 done; 1 failed; 2 wrong usage.",
      ),
  run: takePicture,
});

/** Takes the picture, and prints where it is. */
async function takePicture(flags: PictureFlags): Promise<ExitCode> {
  const { file, out, view, highlight, before, width, height, timeout: timeoutSeconds, overwrite } = flags;
  const { quiet = false, json = false, verbose = false } = flags;
  const viewer = await loadViewer();
  return onHost({ json, verbose }, "picture/failed", async () => {
    const options = { view, highlight, before, width, height, timeoutSeconds, overwrite };
    const picture = await viewer.takePicture(file, out, options);
    if (json) writeAsJson(picture);
    else if (!quiet) process.stdout.write(`${report(picture)}\n`);
    return ExitCode.Done;
  });
}

function report({ path, width, height, size }: Picture): string {
  return `Wrote ${path}: ${width} x ${height} pixels, ${Math.ceil(size / 1000)} kB.`;
}
