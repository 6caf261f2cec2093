// Takes the pictures of the docs: each connector's sample, and the page of the viewer. Look at them before you commit them.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { takePicture, viewIModel } from "itwin-connector-viewer";
import { startHost } from "../lib/imodel/host.js";
import { launchChromium } from "../packages/viewer/lib/picture/chromium.js";

/** Larger pictures make a clone slow. */
const mostBytes = 100_000;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const images = join(root, "docs", "images");
const work = mkdtempSync(join(tmpdir(), "pictures-"));
const stopHost = await startHost();
try {
  await takePictures();
} finally {
  await stopHost();
  rmSync(work, { recursive: true, force: true });
}

async function takePictures() {
  const house = run("ifc", "connectors/ifc/sample/1-first/house.ifc");
  const sites = run("geospatial", "connectors/geospatial/sample/1-first/sites.geojson");
  const pipes = run("sqlite", "connectors/sqlite/sample/1-first/plant.db");
  const workbook = run("xlsx", "connectors/xlsx/sample/1-first/plant.xlsx", { idColumn: "Tag" });
  const mapping = join(root, "docs", "examples", "plant-mapping.json");
  await picture("csv", run("csv", "assets/plant.csv"));
  await picture("json", run("json", "connectors/json/sample/1-first/plant.json", { mapping }), {
    highlight: ["T-201"],
  });
  await picture("sqlite", pipes);
  await picture("geospatial", sites);
  await picture("places", places(), { view: "top" });
  await picture("house", house);
  for (const name of ["alignment", "grid", "pipes"])
    await picture(name, run("ifc", `connectors/ifc/sample/works/${name}.ifc`));
  await picture("highlight", house, { highlight: ["table 0", "table 1"] });
  await picture("changes", run("ifc", "connectors/ifc/sample/2-changed/house.ifc"), { before: house });
  await pagePicture("page", house, { text: "window in wall 1.0", shown: "Element" });
  await pagePicture("xlsx", workbook, { text: "P-1", shown: "Source" });
}

/** Files of three countries, each in the coordinate system of its country, and a grid of degrees, in one iModel. */
function places() {
  const outputDir = mkdtempSync(join(work, "places-"));
  const names = ["germany", "netherlands", "belgium", "grid"];
  return names.map((name) => {
    const source = join(outputDir, name, "border.geojson");
    mkdirSync(dirname(source));
    copyFileSync(join(root, "docs", "examples", "places", `${name}.geojson`), source);
    return runOn("geospatial", source, outputDir, { args: { className: name }, documentName: `${name}.geojson` });
  })[0];
}

/** Runs a connector on a copy of a file of this repository, whose path the pictures show. @returns the path of the iModel */
function run(connector, file, args) {
  const outputDir = mkdtempSync(join(work, `${connector}-`));
  const source = join(outputDir, basename(file));
  copyFileSync(join(root, file), source);
  return runOn(connector, source, outputDir, { args });
}

function runOn(connector, source, outputDir, { args, documentName }) {
  const job = ["--connectorModule", `itwin-connector-${connector}`, "--sourcePath", source, "--outputDir", outputDir];
  const options = args === undefined ? [] : ["--argsJson", JSON.stringify(args)];
  if (documentName !== undefined) options.push("--documentName", documentName);
  const line = [join(root, "lib", "cli", "main.js"), ...job, "--isSnapshot", "--json", ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${source}: ${stderr}`);
  return JSON.parse(stdout).iModelPath;
}

async function picture(name, iModel, options = {}) {
  const out = join(images, `${name}.png`);
  say(await takePicture(iModel, out, { width: 640, height: 400, overwrite: true, ...options }));
}

/**
 * Takes a picture of the whole page, after a user has searched for something and chosen the first element.
 * @param shown - the title of the properties to which the user scrolls
 */
async function pagePicture(name, iModel, { text, shown }) {
  const path = join(images, `${name}.png`);
  const server = await viewIModel(iModel);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 960, height: 540 }, colorScheme: "light" });
    await page.goto(server.url);
    await page.waitForSelector("body[data-state=ready]");
    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox").first().fill(text);
    await page.locator(".list button").first().click();
    await page
      .locator("#details")
      .getByRole("heading", { name: shown, exact: true })
      .evaluate((title) => title.scrollIntoView());
    for (const view of ["front", "iso"]) await page.getByLabel("View from").selectOption(view);
    await page.waitForFunction("document.fonts.ready.then(() => new Promise(requestAnimationFrame))");
    await page.screenshot({ path });
  } finally {
    await browser.close();
    await server.close();
  }
  say({ path, size: statSync(path).size });
}

function say({ path, size }) {
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes, which is more than ${mostBytes}.`);
  console.log(`${path}: ${Math.ceil(size / 1000)} kB`);
}
