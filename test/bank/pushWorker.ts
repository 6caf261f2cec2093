import { existsSync } from "node:fs";
import { ConnectorJobDefArgs, ConnectorRunner, IModelBankArgs } from "itwin-connector-framework";
import { Logger, LogLevel } from "@itwin/core-bentley";
import { startHost } from "../../src/imodel/host.js";
import { kitModule } from "../kit/KitTimeline.js";
import { readKit, writeKit } from "../kit/kitSource.js";
import type { PushWorkerArgs } from "./bankProcesses.js";

const { bank, cacheDirectory, sourcePath, name, first = 1, runs } = JSON.parse(process.argv[2]!) as PushWorkerArgs;

// Each line of the log is a point at which the process can be killed; see killPoints.mjs.
const write = (category: string, message: string) => void process.stderr.write(`${category} ${message}\n`);
Logger.initialize(write, write, write);
Logger.setLevelDefault(LogLevel.Error);
Logger.setLevel("itwin-connector.Framework", LogLevel.Info);

function addPart(id: string): void {
  const source = existsSync(sourcePath) ? readKit(sourcePath) : { categories: ["Steel"], parts: [] };
  if (source.parts?.some((part) => part.id === id)) return; // a run that was killed before is repeated
  writeKit(sourcePath, { ...source, parts: [...(source.parts ?? []), { id, size: 1 }] });
}

const stopHost = await startHost();
for (let run = first; run < first + runs; run++) {
  addPart(`${name}-${run}`);
  const runner = new ConnectorRunner(
    Object.assign(new ConnectorJobDefArgs(), {
      connectorModule: kitModule,
      sourcePath,
      revisionComments: `${name}-${run}`,
    }),
    Object.assign(new IModelBankArgs(), { url: bank, iModelName: "kit", createiModel: true }),
    { cacheDirectory, lockRetries: 1000, lockRetryDelay: 100 },
  );
  await runner.synchronize();
  const { error, version } = runner.result;
  if (error !== undefined) throw error;
  if (version?.isPushed !== true) console.log(`run ${run} pushed nothing`);
}
await stopHost();
