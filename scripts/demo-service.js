// The service, shown on real files: it is started on an empty data directory, a CSV, a workbook and a GeoJSON become one iModel,
// and an edit of one of them goes in as exactly that edit.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { clientCredentials, ServiceClient } from "itwin-connector-client";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "out", "demo-service");
const data = join(folder, "data");
const config = join(folder, "service.json");
const files = ["plant.csv", "pumps.xlsx", "plots.geojson"].map((name) => join(folder, name));
const commandLine = join(root, "lib", "cli", "main.js");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const file of files) cpSync(join(root, "assets", relative(folder, file)), file);
const connectors = {
  SHELLEDWCSV: "itwin-connector-csv",
  PSEXCEL: "itwin-connector-xlsx",
  GEOSPATIAL: "itwin-connector-geospatial",
};
const modules = Object.entries(connectors).map(([type, module]) => [type, { module }]);
writeFileSync(config, JSON.stringify({ connectors: Object.fromEntries(modules), logLevel: "error" }));

say("1. The service starts on an empty data directory.");
const { service, url } = await startService();
try {
  const credentials = join(data, "credentials.json");
  const { clientId, clientSecret, iTwinId } = JSON.parse(readFileSync(credentials, "utf8"));
  const client = new ServiceClient({ url, token: clientCredentials({ issuer: url, clientId, clientSecret }) });
  const { id } = await client.createIModel(iTwinId, "Plant");
  const target = ["--url", url, "--credentials", credentials, "--imodel", id];

  say("2. A CSV, a workbook and a GeoJSON become one iModel.");
  populate(target);
  say("3. One value of the CSV is edited, and all three are imported again: only that change is written.");
  edit(files[0]);
  await showChanges(client, populate(target));
} finally {
  service.kill("SIGTERM");
  await once(service, "exit");
}

function say(sentence) {
  console.log(`\n${sentence}\n`);
}

async function startService() {
  const args = ["serve", "--data", data, "--config", config, "--port", "0"];
  console.log(`$ connector-runner ${args.map((arg) => relative(root, arg) || arg).join(" ")}`);
  const service = spawn(process.execPath, [commandLine, ...args], { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
  let output = "";
  for await (const text of service.stderr.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    output += text;
    process.stdout.write(text);
    const [, url] = /listens on (\S+)/.exec(output) ?? [];
    if (url === undefined) continue;
    service.stderr.pipe(process.stdout);
    return { service, url };
  }
  throw new Error("the service has not started");
}

/** Populates, and shows what is printed. @returns the URL of the run */
function populate(target) {
  console.log(`$ connector-runner populate ${[...target, ...files].map(shown).join(" ")}`);
  const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  const { status, stdout } = spawnSync(process.execPath, [commandLine, "populate", ...target, ...files], options);
  console.log(stdout);
  if (status !== 0) throw new Error(`populate ended with exit code ${status}`);
  return /^Success: (\S+)$/m.exec(stdout)[1];
}

function shown(arg) {
  return arg.startsWith(root) ? relative(root, arg) : arg;
}

function edit(csv) {
  const [header, first, ...rest] = readFileSync(csv, "utf8").split("\n");
  const cells = first.split(",");
  cells[header.split(",").indexOf("weight_kg")] = "123.5";
  writeFileSync(csv, [header, cells.join(","), ...rest].join("\n"));
}

async function showChanges(client, runUrl) {
  const [connectionId, , runId] = new URL(runUrl).pathname.split("/").slice(-3);
  const { tasks } = await client.storageConnections.runReport(connectionId, runId);
  console.log("What the second run changed:");
  for (const { fileName, report } of tasks)
    for (const { change, kind, identifier } of report?.changes ?? [])
      console.log(`  ${fileName}: ${change} ${kind} "${identifier}"`);
}
