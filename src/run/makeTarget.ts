import { expectDefined } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";
import { importOptionalPackage } from "../files/optionalPackage.js";
import { BankedIModel } from "../imodel/BankedIModel.js";
import { BriefcaseTarget } from "../imodel/BriefcaseTarget.js";
import type { IModelHubPackage, IModelOnHubArgs } from "../imodel/IModelHubPackage.js";
import type { VersionedIModel } from "../imodel/VersionedIModel.js";
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
  const upgrades = { profile: jobDefArgs.updateDbProfile, domain: jobDefArgs.updateDomainSchemas };
  if (serverArgs === undefined) {
    const path = LocalTarget.pathFor(sourceName, expectDefined(jobDefArgs.outputDir));
    return new LocalTarget(path, jobDefArgs.isSnapshot ? "snapshot" : "standalone", upgrades);
  }
  const open = (create: boolean) => openIModel(serverArgs, { create, dryRun: options.dryRun ?? false });
  return new BriefcaseTarget(open, cacheDirectory, upgrades, options);
}

/** A dry run leaves no trace, and a versioned iModel cannot be taken back once it is made. */
async function openIModel(
  serverArgs: ServerArgs | IModelBankArgs,
  { create, dryRun }: { create: boolean; dryRun: boolean },
): Promise<VersionedIModel> {
  const wantsNew = create && (serverArgs.createiModel ?? false);
  try {
    return await findOrCreate(serverArgs, wantsNew && !dryRun);
  } catch (error) {
    const isMissing = error instanceof ConnectorError && error.code.endsWith("/unknown-imodel");
    if (!isMissing || !wantsNew || !dryRun) throw error;
    throw new ConnectorError("run/dry-run-creates", `${error.message} A dry run does not create it.`, {
      cause: error,
      advice: "Create the iModel first, or let a real run do it.",
    });
  }
}

async function findOrCreate(serverArgs: ServerArgs | IModelBankArgs, mayCreate: boolean): Promise<VersionedIModel> {
  if ("url" in serverArgs) return BankedIModel.open(serverArgs, mayCreate);
  // Its libraries take half a second to load, so that no other run loads them.
  const { openIModelOnHub } = await importOptionalPackage<IModelHubPackage>("itwin-connector-imodelhub");
  return openIModelOnHub(withToken(serverArgs), mayCreate);
}

function withToken(serverArgs: ServerArgs): IModelOnHubArgs {
  const { getToken } = serverArgs;
  if (getToken === undefined) throw new Error("the arguments are checked before the iModel is opened");
  return Object.assign({}, serverArgs, { getToken });
}
