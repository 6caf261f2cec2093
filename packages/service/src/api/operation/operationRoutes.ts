import { sql } from "kysely";
import { Type } from "typebox";
import type { ServiceContext } from "../../ServiceContext.js";
import { HttpError } from "../../platform/errors.js";
import { errorAnswers } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";

const tags = ["Operation"];
const Status = Type.Object({ status: Type.Literal("ok") });

/** What those who run the service look at: whether it lives, whether it can work, and what it has counted. */
export async function operationRoutes(server: Server, { db, metrics }: ServiceContext): Promise<void> {
  server.get(
    "/health",
    {
      config: { isOpen: true },
      schema: { operationId: "getHealth", summary: "Whether the process lives", tags, response: { 200: Status } },
    },
    async () => ({ status: "ok" as const }),
  );

  server.get(
    "/ready",
    {
      config: { isOpen: true },
      schema: {
        operationId: "getReadiness",
        summary: "Whether the service can work: its database answers",
        tags,
        response: { 200: Status, ...errorAnswers(503) },
      },
    },
    async (request) => {
      try {
        await sql`SELECT 1`.execute(db);
        return { status: "ok" as const };
      } catch (error) {
        request.log.error({ err: error }, "not ready");
        throw new HttpError(503, "NotReady", "The database of the service does not answer.");
      }
    },
  );

  server.get(
    "/metrics",
    { schema: { operationId: "getMetrics", summary: "What the process has counted, for Prometheus", tags } },
    async (_, reply) => {
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    },
  );
}
