import { expectDefined } from "@itwin/core-bentley";
import type { ConnectorJobDefArgs } from "../../connector/ConnectorJobDefArgs.js";
import type { RunOptions } from "../../run/RunOptions.js";
import type { CheckContext, ConformanceCheck } from "../bench/ConformanceCheck.js";
import { Finding } from "../bench/Finding.js";
import { ReadingRunner } from "../bench/ReadingRunner.js";
import type { SampleVersion } from "../bench/SampleDescription.js";

/** So many losses are listed. */
const listedLosses = 5;

/** Every value that the connector gives is in the iModel afterwards. */
export const readBack: ConformanceCheck = {
  name: "read-back",
  title: "writes every value as the source has it",
  async run(context) {
    const values = (await compare(context, "first")) + (await compare(context, "changed"));
    return `${values} values were read back as they were given`;
  },
};

async function compare(context: CheckContext, version: SampleVersion): Promise<number> {
  let runner: ReadingRunner | undefined;
  const makeRunner = (args: ConnectorJobDefArgs, options: RunOptions) =>
    (runner = new ReadingRunner(args, undefined, options));
  await context.sync(version, { makeRunner });
  const { losses, values } = expectDefined(runner);
  if (losses.length === 0) return values;
  const more = losses.length > listedLosses ? `, and ${losses.length - listedLosses} more` : "";
  throw new Finding("every value of the source in the iModel", losses.slice(0, listedLosses).join("; ") + more);
}
