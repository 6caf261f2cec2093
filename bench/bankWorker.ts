/** One measurement on a bank, or on a standalone iModel to compare with, in a process of its own; see bank.ts. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BriefcaseDb, Subject } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { ConnectorJobDefArgs, ConnectorRunner, IModelBankArgs } from "itwin-connector-framework";
import { BankHubAccess } from "../src/bank/BankHubAccess.js";
import { IModelBank } from "../src/bank/IModelBank.js";
import { addCheckpoint, checkOut } from "../src/imodel/checkpoints.js";
import { startHost } from "../src/imodel/host.js";
import { hubRouter, makeBriefcase, writeVersionZero } from "../src/imodel/native.js";

/** What a worker is asked to do. */
export type BankAssignment = { folder: string; sourcePath: string } & (
  | { task: "run"; target: "standalone" | "bank" }
  | { task: "checkout"; version: number; file: string }
  | { task: "checkpoint"; version: number }
  | { task: "fill"; upTo: number }
);

const connectorModule = fileURLToPath(new URL("../connectors/csv/lib/index.js", import.meta.url));
const assignment = JSON.parse(process.argv[2]!) as BankAssignment;
const stopHost = await startHost();
const start = process.cpuUsage();
await carryOut(assignment);
const { user, system } = process.cpuUsage(start);
process.stdout.write(String((user + system) / 1000)); // milliseconds
await stopHost();

async function carryOut(given: BankAssignment): Promise<void> {
  const { folder } = given;
  if (given.task === "run") return run(given.target, given);
  const hub = new BankHubAccess(IModelBank.open(folder), writeVersionZero);
  const { id } = hub.bank.find("bench");
  if (given.task === "checkout") return checkOut(hub, id, given.version, given.file);
  if (given.task === "checkpoint") return addCheckpoint(hub, id, given.version);
  return fill(hub, id, join(folder, "filler.bim"), given.upTo);
}

/** Pushes changesets of one element each. */
async function fill(hub: BankHubAccess, iModelId: string, fileName: string, upTo: number): Promise<void> {
  const unroute = hubRouter().add(iModelId, hub);
  if (!existsSync(fileName)) {
    await checkOut(hub, iModelId, 0, fileName);
    makeBriefcase(fileName, hub.bank.acquireBriefcase(iModelId));
  }
  const db = await BriefcaseDb.open({ fileName });
  for (let index = hub.bank.latest(iModelId).index; index < upTo; index++) {
    await db.locks.acquireLocks({ shared: IModel.rootSubjectId });
    Subject.insert(db, IModel.rootSubjectId, `subject ${index}`);
    db.saveChanges();
    await db.pushChanges({ description: `changeset ${index + 1}` });
  }
  db.close();
  unroute();
}

async function run(target: "standalone" | "bank", { folder, sourcePath }: BankAssignment): Promise<void> {
  const args = { connectorModule, sourcePath, outputDir: folder };
  const bank = target === "bank" ? { url: folder, iModelName: "bench", createiModel: true } : undefined;
  const runner = new ConnectorRunner(
    Object.assign(new ConnectorJobDefArgs(), args),
    bank && Object.assign(new IModelBankArgs(), bank),
    { cacheDirectory: join(folder, "cache") },
  );
  await runner.synchronize();
  if (runner.result.error !== undefined) throw runner.result.error;
}
