import { basename } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { openForReading } from "itwin-connector-framework/internal";
import { readModelChanges, type ModelChanges } from "../changes/readModelChanges.js";
import { servePage, type IModelServer, type PageOptions } from "../server/serveIModel.js";
import type { Timeline } from "../server/Timeline.js";
import { pageFolder } from "./page.js";
import { drawnBefore, tilesOf } from "./parts.js";
import { ViewTiles } from "./ViewTiles.js";

/**
 * What is shown.
 * @public
 */
export interface ViewOptions {
  /** The path of an earlier iModel. The page shows what changed since. */
  readonly before?: string;
  /** How the page names the iModel. Default: the name of the file. */
  readonly name?: string;
  /** How the page names the earlier iModel. Default: the name of the file. */
  readonly nameBefore?: string;
  /**
   * Whether the server makes the graphics. Default: true. Without them it serves the data alone, to a program that has
   * tiles of the iModel from {@link export3dTiles}.
   */
  readonly graphics?: boolean;
  /** Default: any free port. */
  readonly port?: number;
}

/**
 * Serves a page that shows an iModel. Only programs on this machine that know the address with its token can open it.
 * @param file - the path of an iModel of any kind. It is opened for reading
 * @throws ConnectorError `usage/...` if an iModel cannot be read or the port is in use
 * @public
 */
export async function viewIModel(file: string, options: ViewOptions = {}): Promise<IModelServer> {
  return viewStep(file, options);
}

/** Serves a page as {@link viewIModel} does. @param timeline - where else the page leads */
export async function viewStep(file: string, options: ViewOptions, timeline?: Timeline): Promise<IModelServer> {
  const { before: fileBefore, name = basename(file), graphics = true, port } = options;
  const server = { file, name, page: graphics ? pageFolder : undefined, port, timeline };
  const tilesNow = (imodel: IModelDb) => (graphics ? tilesOf(imodel, file) : undefined);
  if (fileBefore === undefined) return serve(server, (imodel) => new ViewTiles({ now: tilesNow(imodel) }));
  const nameBefore = options.nameBefore ?? basename(fileBefore);
  let changes: Promise<ModelChanges> | undefined;
  return serve({ ...server, changes: async () => changes }, (imodel) => {
    const { imodel: before, close } = openForReading(fileBefore);
    changes = readModelChanges({ imodel: before, name: nameBefore }, { imodel, name });
    changes.catch(() => undefined); // the route that needs it reports the fault
    const tilesBefore = async () => tilesOf(before, fileBefore, drawnBefore(await changes));
    return new ViewTiles({ now: tilesNow(imodel), before: graphics ? tilesBefore : undefined, close });
  });
}

/** Serves a page. When the caller has its address, the first tile is made, while the browser loads the page. */
async function serve(options: PageOptions, createTiles: (imodel: IModelDb) => ViewTiles): Promise<IModelServer> {
  let tiles: ViewTiles | undefined;
  const server = await servePage({ ...options, createTiles: (imodel) => (tiles = createTiles(imodel)) });
  setImmediate(() => tiles?.begin());
  return server;
}
