import { performance } from "node:perf_hooks";
import { extname, resolve } from "node:path";
import type { Argv } from "yargs";
import { defineCommand } from "../defineCommand.js";
import { ExitCode } from "../exitCodes.js";
import { onHost } from "../onHost.js";
import { loadViewer } from "../optionalPackages.js";
import type { OutputFlags } from "../outputFlags.js";
import { writeAsJson } from "../report.js";
import { counted, countText } from "../../counted.js";
import { limited } from "../sections.js";
import { startExportProgress } from "./exportProgress.js";
import { formatNames, formats, refuseIgnored, type ExportFormat, type FormatName, type Written } from "./formats.js";

interface ExportFlags extends OutputFlags {
  file: string;
  out?: string;
  format?: FormatName;
  compress?: "none" | "meshopt";
  instances?: boolean;
  properties?: boolean;
  categories?: string[];
  classes?: string[];
  visibleOnly?: boolean;
  ecsql?: string;
  overwrite?: boolean;
  quiet?: boolean;
}

const list = { type: "string", array: true, requiresArg: true } as const;

/** `connector-runner export`. */
export const addExport = defineCommand({
  command: "export <file> [out]",
  describe: "Write an iModel as glTF, 3D Tiles or a table",
  builder: (parser: Argv) =>
    parser
      .usage(
        "$0 export FILE [OUT] [options]\n\nWrites the graphics of an iModel as glTF or 3D Tiles, or its elements as a table.",
      )
      .positional("file", { type: "string", demandOption: true, describe: "Path of the iModel" })
      .positional("out", {
        type: "string",
        describe: "Path of the output (default: that of the iModel, with the ending of the format)",
      })
      .options({
        format: {
          choices: formatNames,
          requiresArg: true,
          describe: "Format of the output (default: by the name of the output, else glb)",
        },
        compress: { choices: ["none", "meshopt"] as const, requiresArg: true, describe: "Compression (default: none)" },
        instances: {
          type: "boolean",
          describe:
            "Write meshes of the same shape once; --no-instances for viewers that cannot draw them (default: true)",
        },
        properties: {
          type: "boolean",
          describe:
            "Write the properties of the elements; --no-properties leaves all but their ids out (default: true)",
        },
        categories: { ...list, describe: "Only elements of these categories" },
        classes: { ...list, describe: "Only elements of these classes (Schema:Class) and their subclasses" },
        "visible-only": { type: "boolean", describe: "Leave out categories that the default view does not show" },
        ecsql: {
          type: "string",
          requiresArg: true,
          describe: "For tables: a query; one that selects ECInstanceId alone says which elements are written",
        },
        overwrite: { type: "boolean", describe: "Replace the output if it exists" },
        json: { type: "boolean", describe: "Print the result as JSON" },
        quiet: { type: "boolean", describe: "Print only errors", conflicts: "verbose" },
        verbose: { type: "boolean", describe: "Print all elements with issues, and the stack of an error" },
      })
      .example("$0 export plant.bim", "Write plant.glb")
      .example("$0 export city.bim tiles --format 3dtiles", "Write a folder with a tileset.json")
      .example("$0 export plant.bim pumps.csv --classes Plant:Pump", "Write a table of all pumps")
      .epilogue("docs/see.md describes the formats.\nExit codes: 0 done; 1 failed; 2 wrong usage."),
  run: exportIModel,
});

/** Exports an iModel, and prints what was written. */
async function exportIModel(flags: ExportFlags): Promise<ExitCode> {
  const { file, quiet = false, json = false, verbose = false } = flags;
  const viewer = await loadViewer();
  const formatName = flags.format ?? formatOf(flags.out);
  const format: ExportFormat = formats[formatName];
  return onHost({ json, verbose }, "export/failed", async () => {
    const start = performance.now();
    const progress = quiet ? undefined : startExportProgress(process.stderr);
    try {
      const { compress, instances, properties, categories, classes, visibleOnly, ecsql, overwrite } = flags;
      const options = {
        compress,
        instances,
        properties,
        categories,
        classes,
        visibleOnly,
        ecsql,
        overwrite,
        onProgress: progress?.show,
      };
      refuseIgnored(formatName, options);
      const written = await format.write(viewer, file, flags.out ?? defaultOut(file, format), options);
      progress?.stop();
      if (json) writeAsJson(written);
      else if (!quiet) process.stdout.write(`${report(written, verbose, performance.now() - start).join("\n")}\n`);
      return ExitCode.Done;
    } finally {
      progress?.stop();
    }
  });
}

/** The format that the name of an output ends with. */
function formatOf(out = ""): FormatName {
  return formatNames.find((name) => out.toLowerCase().endsWith(formats[name].suffix)) ?? "glb";
}

/** Beside the iModel, under the same name. */
function defaultOut(file: string, { suffix }: ExportFormat): string {
  const path = resolve(file);
  return `${path.slice(0, path.length - extname(path).length)}${suffix}`;
}

function report(written: Written, verbose: boolean, milliseconds: number): string[] {
  const { path, elements, triangles, size, issues } = written;
  const lines = issues.map(({ elementId, message }) =>
    elementId === undefined ? `! ${message}` : `! element ${elementId}: ${message}`,
  );
  const parts = [counted(elements, "element"), ...(triangles === undefined ? [] : [counted(triangles, "triangle")])];
  const summary = [...parts, sizeText(size)].join(", ");
  return [
    ...limited(lines, { verbose }, String),
    `Wrote ${path}: ${summary}, in ${(milliseconds / 1000).toFixed(1)} s.`,
  ];
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${countText(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
