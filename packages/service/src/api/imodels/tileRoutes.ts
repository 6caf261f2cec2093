import { findVersion } from "../../histories/versions.js";
import type { TilesRow } from "../../histories/VersionTiles.js";
import { notFound } from "../../platform/errors.js";
import { failures, NoContent, StreamAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { VersionParams } from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import { reads, tags } from "./routeConfig.js";
import { TileParams, Tiles } from "./tileSchemas.js";

const path = "/imodels/:iModelId/versions/:version/tiles";

/** The operations on the tiles of versions, which the platform does not have. Viewers of 3D Tiles read them. */
export function tileRoutes(server: Server, context: ServiceContext): void {
  for (const add of [requestTiles, getTiles, readTile]) add(server, context);
}

function requestTiles(server: Server, context: ServiceContext): void {
  const schema = {
    operationId: "requestTiles",
    summary: "Ask for the 3D Tiles of a version",
    description: "A worker makes them once. 202 while they are not made yet.",
    tags,
    params: VersionParams,
    response: { 200: Tiles, 202: Tiles, ...failures(404, 422) },
  };
  const preValidation = loadsIModel(context);
  server.post(path, { config: reads, preValidation, schema }, async ({ iModel, params }, reply) => {
    const row = await context.tiles.request(iModel.id, await findVersion(context.db, iModel.id, params.version));
    return reply.code(row.state === "waiting" ? 202 : 200).send(presentTiles(row));
  });
}

function getTiles(server: Server, context: ServiceContext): void {
  const schema = {
    operationId: "getTiles",
    summary: "Whether the 3D Tiles of a version are made",
    tags,
    params: VersionParams,
    response: { 200: Tiles, ...failures(404, 422) },
  };
  const preValidation = loadsIModel(context);
  server.get(path, { config: reads, preValidation, schema }, async ({ iModel, params }) => {
    const row = await context.tiles.find(iModel.id, await findVersion(context.db, iModel.id, params.version));
    if (row === undefined) throw notFound("Tiles");
    return presentTiles(row);
  });
}

function readTile(server: Server, context: ServiceContext): void {
  const schema = {
    operationId: "readTile",
    summary: "Download a file of the 3D Tiles of a version",
    tags,
    params: TileParams,
    response: { 200: StreamAnswer("model/gltf-binary"), 304: NoContent, ...failures(404, 422) },
  };
  const options = { config: reads, exposeHeadRoute: false, preValidation: loadsIModel(context), schema };
  server.get(`${path}/*`, options, async ({ iModel, params, headers }, reply) => {
    const { version, "*": file } = params;
    const index = await findVersion(context.db, iModel.id, version);
    const found = await context.tiles.read(iModel.id, index, file);
    if (found === undefined) throw notFound("Tile");
    // Browsers keep it, and ask whether their user may still have it.
    const etag = `"${found.tag}"`;
    reply.headers({ "cache-control": "private, no-cache", vary: "authorization", etag });
    if (headers["if-none-match"] === etag) {
      found.content.destroy();
      return reply.code(304).send();
    }
    return reply.type(file.endsWith(".json") ? "application/json" : "model/gltf-binary").send(found.content);
  });
}

function presentTiles({ state, count, error }: TilesRow): Tiles {
  return {
    state,
    count: count ?? undefined,
    error: error === null ? undefined : { code: error.errorKey, message: error.description },
  };
}
