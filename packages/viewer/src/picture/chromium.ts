import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";

/** Environment variables that name the program, the first one first. */
const variables = ["CHROMIUM_PATH", "CHROME_PATH"] as const;

/** What the program is called where it is in the PATH. */
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

const advice = "Install Chromium or Google Chrome, or set CHROMIUM_PATH to the path of its program.";

/** The pictures are the same on every machine, with or without a graphics card. */
const drawing = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars"];

/**
 * Starts a Chromium that is on this machine, without a window.
 * @throws ConnectorError `viewer/no-chromium`, `viewer/chromium-failed`
 */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const executablePath = findChromium(process.env, chromium.executablePath());
  // Signals are the command's: it ends the process, and Playwright ends the browser with it.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const launch = async (chromiumSandbox: boolean) =>
    chromium.launch({ executablePath, args: drawing, chromiumSandbox, ...signals });
  try {
    return await launch(true).catch(async () => launch(false)); // root and many containers have no sandbox
  } catch (error) {
    const [reason = ""] = messageOf(error).split("\n");
    throw new ConnectorError("viewer/chromium-failed", `${executablePath} does not start: ${reason}`, {
      cause: error,
      advice: "Start it yourself to see why, or set CHROMIUM_PATH to the path of another Chromium.",
    });
  }
}

/** @param ofPlaywright - where Playwright would install a browser of its own */
function findChromium(environment: NodeJS.ProcessEnv, ofPlaywright: string): string {
  for (const variable of variables) {
    const path = environment[variable];
    if (path === undefined || path === "") continue;
    if (existsSync(path)) return path;
    throw new ConnectorError("viewer/no-chromium", `There is no Chromium at ${path}, which ${variable} names.`, {
      advice,
    });
  }
  const found = [...placesIn(environment), ofPlaywright].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ConnectorError("viewer/no-chromium", "Pictures need Chromium, which was not found on this machine.", {
    advice,
  });
}

/** Where the program may be on this system. */
function placesIn(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === "win32") {
    const roots = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((name) => environment[name] ?? []);
    const programs = ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe"];
    return [...programs, "Microsoft\\Edge\\Application\\msedge.exe"].flatMap((program) =>
      roots.map((root) => join(root, program)),
    );
  }
  const folders = [...(environment.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  const programs = names.flatMap((name) =>
    folders.filter((folder) => folder !== "").map((folder) => join(folder, name)),
  );
  return process.platform === "darwin" ? [...applications, ...programs] : programs;
}

/** On macOS. */
const applications = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
