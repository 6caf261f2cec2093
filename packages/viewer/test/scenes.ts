import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StandaloneDb, type IModelDb } from "@itwin/core-backend";
import type { ConnectorError } from "itwin-connector-framework";
import { openForReading } from "../../../src/compare/openForReading.js";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { ModelContents } from "../src/elements/ModelContents.js";

function connector(name: string): string {
  return fileURLToPath(new URL(`../../../connectors/${name}/src/index.ts`, import.meta.url));
}

/** The house of the connector for IFC. @returns the path of its iModel */
export async function makeHouse(): Promise<string> {
  const timeline = new ConnectorTimeline(connector("ifc"), "house.ifc");
  timeline.copy(fileURLToPath(new URL("../../../connectors/ifc/sample/1-first/house.ifc", import.meta.url)));
  await timeline.result();
  return timeline.iModel;
}

/** An iModel of a CSV file. */
export async function makeTable(csv: string, args?: unknown): Promise<string> {
  const timeline = new ConnectorTimeline(connector("csv"), "parts.csv");
  timeline.args = args;
  await timeline.result(csv);
  return timeline.iModel;
}

/** An iModel of a GeoJSON file. */
export async function makeSites(features: readonly object[]): Promise<string> {
  const timeline = new ConnectorTimeline(connector("geospatial"), "sites.geojson");
  await timeline.result(JSON.stringify({ type: "FeatureCollection", features }));
  return timeline.iModel;
}

/** An iModel of its own, which holds what `fill` writes. */
export async function makeIModel(fill: (imodel: StandaloneDb) => unknown): Promise<string> {
  const path = join(temporaryFolder(), "made.bim");
  const imodel = StandaloneDb.createEmpty(path, { rootSubject: { name: "Made" }, allowEdit: '{"txns":true}' });
  try {
    imodel.channels.addAllowedChannel("shared");
    await fill(imodel);
    imodel.saveChanges();
  } finally {
    imodel.close();
  }
  return path;
}

/** Reads an iModel, and closes it whatever happens. */
export async function withContents<T>(
  path: string,
  read: (contents: ModelContents, imodel: IModelDb) => Promise<T>,
): Promise<T> {
  const { imodel, close } = openForReading(path);
  try {
    return await read(await ModelContents.read(imodel), imodel);
  } finally {
    close();
  }
}

/** The error that work ends with. */
export async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  return work.then(
    () => {
      throw new Error("no error");
    },
    (error: unknown) => error as ConnectorError,
  );
}
