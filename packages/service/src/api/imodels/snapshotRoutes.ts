import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { attachmentNamed } from "../../platform/contentDisposition.js";
import { failures, StreamAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { loadIModel, reads } from "./loadsIModel.js";
import * as schemas from "./iModelSchemas.js";

/** The operation that the platform does not have: a version of an iModel as a file that all tools of iTwin.js open. */
export function addSnapshotRoute(server: Server, context: ServiceContext): void {
  server.get(
    "/imodels/:iModelId/versions/:version/snapshot",
    {
      exposeHeadRoute: false, // it would make the whole file
      config: reads,
      preValidation: loadIModel(context),
      schema: {
        operationId: "getSnapshot",
        summary: "Download a version of an iModel as a snapshot",
        description: "The version is `latest`, the index or the id of a changeset, or the name of a named version.",
        tags: ["iModels"],
        params: schemas.VersionParams,
        response: { 200: StreamAnswer("application/octet-stream"), ...failures(404, 422) },
      },
    },
    async (request, reply) => {
      const { id, name } = request.iModel;
      const { version } = request.params;
      const { path, release } = await context.histories.snapshotOf(id, version);
      try {
        const { size } = await stat(path);
        // Whatever becomes of the answer, the stream is closed at its end.
        const content = createReadStream(path).once("close", release);
        return await reply
          .header("content-length", size)
          .header("content-disposition", attachmentNamed(`${name}-${version}.bim`))
          .type("application/octet-stream")
          .send(content);
      } catch (error) {
        release();
        throw error;
      }
    },
  );
}
