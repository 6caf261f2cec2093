/** The program that has a version of an iModel open and answers what the page asks of it: a query may take its time. */
import { importOptionalPackage } from "itwin-connector-framework/internal";
import { ConnectorError } from "itwin-connector-framework";
import { endWithParent } from "../platform/process/endWithParent.js";

/** The only argument of the program, as JSON. */
export interface ViewArgs {
  /** The iModel, and how the page calls it. */
  file: string;
  name: string;
  /** An earlier version of it. */
  before?: string;
  nameBefore?: string;
}

/** What the program says when it answers requests, or cannot. */
export type ViewMessage = { url: string } | { code: string; message: string };

endWithParent();
try {
  const viewer = await importOptionalPackage<typeof import("itwin-connector-viewer")>("itwin-connector-viewer");
  const { file, ...options } = JSON.parse(process.argv[2] ?? "") as ViewArgs;
  const { url } = await viewer.viewIModel(file, { ...options, graphics: false });
  tell({ url });
} catch (error) {
  const { code, message } = ConnectorError.from(error, "data", "service/view-failed");
  tell({ code, message });
}

function tell(message: ViewMessage): void {
  process.send?.(message);
}
