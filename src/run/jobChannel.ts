import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";

/**
 * Makes the Subject of a job the root of the job's channel, unless it is that already, so that no program changes what
 * lies below it by accident: only those may that allow the channel.
 * @throws ConnectorError `run/channel` where the Subject is in another channel, or the channel has another root
 */
export function openChannel(imodel: IModelDb, subjectId: Id64String, channelKey: string): void {
  imodel.channels.addAllowedChannel(channelKey);
  if (imodel.channels.getChannelKey(subjectId) === channelKey) return;
  try {
    imodel.channels.makeChannelRoot({ elementId: subjectId, channelKey });
  } catch (error) {
    throw new ConnectorError("run/channel", `The job cannot have the channel ${channelKey}: ${messageOf(error)}`, {
      cause: error,
      advice: "Let getChannelKey give each job a key of its own, the same in every run.",
    });
  }
}
