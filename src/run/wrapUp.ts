import { fitProjectExtents } from "../imodel/projectExtents.js";
import { unreadSource } from "./documentIdentities.js";
import type { RunAttempt } from "./RunAttempt.js";

/** Does what needs the finished iModel, and nothing else. */
export async function wrapUp(attempt: RunAttempt): Promise<void> {
  const { args, options } = attempt.run;
  const { path } = unreadSource(args, options);
  const { imodel, target } = await attempt.open(path, { create: false });
  await attempt.phase("finish", async () => {
    fitProjectExtents(imodel, { isExact: true, clampZExtent: options.clampZExtent });
    await attempt.save(target, "Project extents");
  });
}
