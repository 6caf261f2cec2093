/**
 * The program that makes the tiles of a version. To read the geometry of an iModel is synchronous and takes up to minutes:
 * a process that answers requests does not do it itself.
 */
import { ConnectorError } from "itwin-connector-framework";
import { importOptionalPackage } from "itwin-connector-framework/internal";
import type { RunError } from "../../platform/database/columns/RunState.js";
import { endWithParent } from "../../platform/process/endWithParent.js";
import { describeError } from "../process/describeError.js";

/** The only argument of the program, as JSON. */
export interface TilesArgs {
  /** The iModel. */
  file: string;
  /** The folder that it makes. */
  folder: string;
}

/** What the program says at its end. */
export interface TilesOutcome {
  /** Whether the iModel has anything to show. */
  hasGraphics?: boolean;
  error?: RunError;
}

endWithParent();
const outcome = await make(JSON.parse(process.argv[2] ?? "") as TilesArgs);
process.send?.(outcome, () => process.exit());

async function make({ file, folder }: TilesArgs): Promise<TilesOutcome> {
  try {
    const viewer = await importOptionalPackage<typeof import("itwin-connector-viewer")>("itwin-connector-viewer");
    await viewer.export3dTiles(file, folder, { compress: "meshopt", properties: false });
    return { hasGraphics: true };
  } catch (error) {
    if (error instanceof ConnectorError && error.code === "viewer/no-geometry") return { hasGraphics: false };
    const { code, message } = describeError(error, "data", "service/tiles-failed");
    return { error: { errorKey: code, description: message } };
  }
}
