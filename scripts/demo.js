// The main job, shown on a real file: a CSV becomes an iModel, nothing is written where nothing changed, and an edit
// goes in as exactly that edit.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SnapshotDb } from "@itwin/core-backend";
import { QueryBinder } from "@itwin/core-common";
import Table from "cli-table3";
import { startHost } from "../lib/imodel/host.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "out", "demo");
const csv = join(folder, "plant.csv");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, "assets", "plant.csv"), csv);

say("1. A CSV file becomes an iModel.");
run();
say("2. The same file again: nothing is written.");
run();
say("3. One value edited, one row removed, one row added: only these three changes are written.");
const edited = editSource();
run("--verbose");
say("4. Where each element came from is kept in standard BIS provenance; here that of the row that was edited:");
await showProvenance(edited);
showViewer();

function say(sentence) {
  console.log(`\n${sentence}\n`);
}

function run(...more) {
  const job = ["--connectorModule", "itwin-connector-csv", "--sourcePath", csv, "--outputDir", folder, "--isSnapshot"];
  const shown = ["--sourcePath", relative(root, csv), "--outputDir", relative(root, folder), "--isSnapshot", ...more];
  console.log(`$ connector-runner --connectorModule itwin-connector-csv ${shown.join(" ")}`);
  const { status } = spawnSync(process.execPath, [join(root, "lib", "cli", "main.js"), ...job, ...more], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function editSource() {
  const [header, first, , ...rest] = readFileSync(csv, "utf8").trimEnd().split("\n");
  const cells = first.split(",");
  cells[header.split(",").indexOf("weight_kg")] = "123.5";
  const added = ["P-9999", ...cells.slice(1)];
  writeFileSync(csv, [header, cells.join(","), ...rest, added.join(",")].join("\n") + "\n");
  return cells[0];
}

async function showProvenance(identifier) {
  const ecsql = `
    SELECT l.UserLabel, s.ConnectorName, a.Kind, a.Identifier, a.Checksum, e.ECInstanceId
    FROM bis.ExternalSourceAspect a
    JOIN bis.Element e ON e.ECInstanceId = a.Element.Id
    JOIN bis.ExternalSource s ON s.ECInstanceId = a.Source.Id
    JOIN bis.RepositoryLink l ON l.ECInstanceId = s.Repository.Id
    WHERE a.Identifier = ?`;
  const table = new Table({
    head: ["RepositoryLink", "ExternalSource", "kind", "identifier", "checksum", "element"],
    style: { head: [], border: [] },
  });
  const stopHost = await startHost();
  const imodel = SnapshotDb.openFile(join(folder, "plant.bim"));
  const reader = imodel.createQueryReader(ecsql, new QueryBinder().bindString(1, identifier));
  for await (const row of reader) table.push(row.toArray().map(String));
  imodel.close();
  await stopHost();
  console.log(table.toString());
}

function showViewer() {
  say("5. Look at it in the browser, until Ctrl-C:");
  console.log(`$ npx connector-runner view ${relative(root, join(folder, "plant.bim"))}`);
}
