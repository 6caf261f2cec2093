/**
 * Measures `connector-runner view` in a browser that draws by software: `npm run bench:view -- [--elements 100000] [file.ifc]`:
 * boxes, and a building if an IFC file is given, as for `bench:viewer`.
 *
 * Prints the seconds from the start of the command until the picture is complete, what went over the wire besides the page,
 * the draw calls of the picture, the seconds until a click is answered, and the most memory that the server had.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { launchChromium } from "../packages/viewer/lib/picture/chromium.js";
import { startHost } from "../src/imodel/host.js";
import { makeBoxModel, makeBuilding } from "./viewerModels.js";

/** What is asked for: seconds to the first picture. */
const bars = { building: 3, boxes: 5, click: 1, wire: 8, calls: 200, memory: 1000, page: 600 };

/** Where the page is clicked, as a share of the height of the picture: the first place may show nothing. */
const heights = [0.5, 0.6, 0.4, 0.7, 0.3];

const args = process.argv.slice(2);
const count = args.includes("--elements") ? Number(args[args.indexOf("--elements") + 1]) : 100_000;
const ifcFile = args.find((argument) => argument.endsWith(".ifc"));
const root = fileURLToPath(new URL("../", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "bench-view-"));
const stopHost = await startHost();
const browser = await launchChromium();
try {
  print("page, gzipped", pageWeight() / 1000, bars.page, "kB");
  if (ifcFile !== undefined) await measure("building", await makeBuilding(ifcFile, folder), bars.building);
  await measure(`${count} boxes`, makeBoxModel(count, folder), bars.boxes);
} finally {
  await browser.close();
  await stopHost();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(title: string, path: string, bar: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const wire = await countBytes(page);
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, "lib/cli/main.js"), "view", path, "--no-open"]);
  const lines = createInterface({ input: child.stdout });
  const [url] = (await once(lines, "line")) as [string];
  const listening = performance.now();
  await page.goto(url);
  await page.waitForSelector("body[data-state=ready]", { timeout: 120_000 });
  const seconds = (performance.now() - start) / 1000;
  print(
    `${title}: first picture`,
    seconds,
    bar,
    `s, ${((listening - start) / 1000).toFixed(1)} s of them until the address`,
  );
  print(`${title}: over the wire`, wire() / 1e6, bars.wire, "MB");
  print(`${title}: draw calls`, Number(await page.locator("body").getAttribute("data-calls")), bars.calls, "");
  print(`${title}: answer to a click`, await click(page), bars.click, "s");
  print(`${title}: memory of the server`, memoryOf(child.pid ?? 0), bars.memory, "MB");
  child.kill("SIGINT");
  await once(child, "exit");
  await page.close();
}

/** Seconds until an element in the middle of the picture is described. */
async function click(page: Page): Promise<number> {
  const { x, y, width, height } = (await page.locator("#canvas").boundingBox())!;
  const details = page.locator("#details h2").first();
  for (const share of heights) {
    const start = performance.now();
    await page.mouse.click(x + width / 2, y + height * share);
    const isHit = await details.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (isHit) return (performance.now() - start) / 1000;
  }
  return NaN;
}

/** Counts what the browser receives, but for the files of the page itself. @returns the number of bytes so far */
async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  const isData = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (/\/(api|tiles)\//.test(response.url)) isData.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (isData.has(requestId)) bytes += encodedDataLength;
  });
  await session.send("Network.enable");
  return () => bytes;
}

/** The most memory that a process has had, in megabytes. */
function memoryOf(pid: number): number {
  const [, kilobytes = "NaN"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1000;
}

function pageWeight(): number {
  const files = ["index.html", "main.js", "style.css"];
  const page = join(root, "packages/viewer/lib/page");
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(page, file))).length, 0);
}

function print(what: string, measured: number, bar: number, unit: string): void {
  console.log(`${what}: ${measured.toFixed(2)} ${unit} (at most ${bar}) ${measured <= bar ? "met" : "NOT MET"}`);
}
