import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "itwin-connector-framework";
import type { ModelChanges } from "../changes/readModelChanges.js";
import { LazyTiles } from "../tiles/LazyTiles.js";

/** The tiles of an iModel, or undefined if nothing of it can be shown in space. */
export function tilesOf(imodel: IModelDb, file: string, ids?: ReadonlySet<string>): LazyTiles | undefined {
  try {
    return new LazyTiles(imodel, file, { ids });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === "viewer/no-geometry") return undefined;
    throw error;
  }
}

/** What is drawn of the earlier iModel: what is gone, and what is elsewhere now. */
export function drawnBefore(changes: ModelChanges | undefined): ReadonlySet<string> {
  const drawn = changes?.elements.filter(({ kind }) => kind !== "new") ?? [];
  return new Set(drawn.flatMap(({ idBefore }) => idBefore ?? []));
}
