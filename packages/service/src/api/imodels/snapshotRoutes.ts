import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyReply } from "fastify";
import { findVersion } from "../../histories/versions.js";
import { attachmentNamed } from "../../platform/contentDisposition.js";
import { failures, StreamAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { VersionParams } from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import { reads, tags } from "./routeConfig.js";

/** The operation that the platform does not have: a version of an iModel as a file that all tools of iTwin.js open. */
export function snapshotRoutes(server: Server, context: ServiceContext): void {
  const schema = {
    operationId: "getSnapshot",
    summary: "Download a version of an iModel as a snapshot",
    description: "The version is `latest`, the index or the id of a changeset, or the name of a named version.",
    tags,
    params: VersionParams,
    response: { 200: StreamAnswer("application/octet-stream"), ...failures(404, 422) },
  };
  const preValidation = loadsIModel(context);
  server.get(
    "/imodels/:iModelId/versions/:version/snapshot",
    { config: reads, exposeHeadRoute: false, preValidation, schema }, // HEAD would make the whole file
    async ({ iModel, params: { version } }, reply) => {
      const index = await findVersion(context.db, iModel.id, version);
      const snapshot = await context.histories.snapshotOf(iModel.id, index);
      return sendSnapshot(reply, snapshot, `${iModel.name}-${version}.bim`);
    },
  );
}

/** Sends a snapshot, and releases it however that ends. */
async function sendSnapshot(
  reply: FastifyReply,
  { path, release }: { path: string; release: () => void },
  fileName: string,
): Promise<FastifyReply> {
  try {
    const { size } = await stat(path);
    // Whatever becomes of the answer, the stream is closed at its end.
    const content = createReadStream(path).once("close", release);
    return await reply
      .header("content-length", size)
      .header("content-disposition", attachmentNamed(fileName))
      .type("application/octet-stream")
      .send(content);
  } catch (error) {
    release();
    throw error;
  }
}
