// A process with one worker, for tests that kill it. What it is told is in its first argument.
import { join } from "node:path";
import { IModelBank } from "../../../../src/bank/IModelBank.js";
import { startHost } from "../../../../src/imodel/host.js";
import { Workers } from "../../src/work/Workers.js";
import { PlainFiles, PlainHistories } from "./PlainSurroundings.js";
import { openWorkplace } from "./workplace.js";
import { connectors, shortTimes } from "./WorkTest.js";

const { databaseUrl, dataDirectory, files } = JSON.parse(process.argv[2]!) as {
  databaseUrl: string;
  dataDirectory: string;
  files: [string, { path: string; text: string }][];
};

await startHost();
const { context } = await openWorkplace({ databaseUrl, dataDirectory, connectors, workers: 1 });
const histories = new PlainHistories(IModelBank.open(join(dataDirectory, "bank")), context.db);
const stored = new PlainFiles();
for (const [id, file] of files) stored.contents.set(id, file);
new Workers(context, { histories, files: stored }, shortTimes).start();
