import type { IModelDb } from "@itwin/core-backend";
import { fitProjectExtents } from "../imodel/projectExtents.js";
import { unreadSource } from "./documentIdentities.js";
import type { RunAttempt } from "./RunAttempt.js";
import { Unmapping } from "./Unmapping.js";

/** Removes what the document brought into the iModel. The source is not read. */
export async function unmapDocument(attempt: RunAttempt): Promise<void> {
  const { args, options } = attempt.run;
  const source = unreadSource(args, options);
  const connector = args.connectorModule === undefined ? undefined : await attempt.load();
  if (connector !== undefined) await attempt.initialize(connector, source);
  const unmapping = new Unmapping(args, source, connector && attempt.identify(connector, source));
  const findElements = (db: IModelDb) => unmapping.findElements(db);
  const { imodel, target } = await attempt.open(source.path, { create: false, findElements });
  const { statistics } = attempt;
  const context = { imodel, statistics, beforeWrite: () => target.beforeWrite() };
  const isKnown = await attempt.phase("deletion", () => unmapping.run(context));
  if (!isKnown) return;
  await attempt.phase("finish", async () => {
    if (args.allDocsProcessed) fitProjectExtents(imodel, { isExact: true, clampZExtent: options.clampZExtent });
    await attempt.save(target, "Document removed");
  });
}
