import { ConnectorError } from "itwin-connector-framework";
import { HttpError } from "../platform/errors.js";

/**
 * What was done on this machine cannot be published: something else was published since the iModel was brought here. The
 * next `bring` throws it away, and the run can be repeated.
 */
export class HistoryConflict extends ConnectorError {
  public constructor(iModelId: string) {
    super("service/history-conflict", `Another run has published a version of the iModel ${iModelId} meanwhile.`, {
      recovery: "retriable",
      advice: "Run again.",
    });
    this.name = "HistoryConflict";
  }
}

/** The answer where an iTwin has an iModel of this name. */
export function iModelExists(): HttpError {
  return new HttpError(409, "iModelExists", "iModel with the same name already exists within the iTwin.", {
    target: "name",
  });
}

/** The answer where a run of an iModel is going on, so that it cannot be deleted. */
export function iModelInUse(): HttpError {
  return new HttpError(409, "iModelInUse", "A run of the iModel is active. Cancel it, or wait until it has ended.");
}
