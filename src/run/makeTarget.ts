import { ConnectorError } from "../ConnectorError.js";
import { BankedIModel } from "../imodel/BankedIModel.js";
import { BriefcaseTarget } from "../imodel/BriefcaseTarget.js";
import type { IModelTarget } from "../imodel/IModelTarget.js";
import { LocalTarget } from "../imodel/LocalTarget.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { RunOptions } from "./RunOptions.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** What a target is made of. */
export interface TargetArgs {
  jobDefArgs: ConnectorJobDefArgs;
  serverArgs: ServerArgs | IModelBankArgs | undefined;
  options: RunOptions;
  /** Where briefcases are kept. */
  cacheDirectory: string;
  /** Path or URL of the source, after which a local iModel is named. */
  sourceName: string;
}

/** Where a run writes: a versioned iModel where one is given, else a local one named after the source. */
export function makeTarget(args: TargetArgs): IModelTarget {
  const { jobDefArgs, serverArgs, options, cacheDirectory, sourceName } = args;
  if (serverArgs === undefined) {
    const path = LocalTarget.pathFor(sourceName, jobDefArgs.outputDir!);
    return new LocalTarget(path, jobDefArgs.isSnapshot ? "snapshot" : "standalone");
  }
  if (!("url" in serverArgs))
    throw new ConnectorError("usage/imodelhub", "iModelHub is not built yet.", { advice: "Name a bank." });
  const mayCreate = serverArgs.createiModel ?? false;
  return new BriefcaseTarget(
    async (create) => BankedIModel.open(serverArgs, create && mayCreate),
    cacheDirectory,
    options,
  );
}
