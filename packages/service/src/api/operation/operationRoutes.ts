import { sql } from "kysely";
import { Type } from "typebox";
import type { ServiceContext } from "../../ServiceContext.js";
import { HttpError } from "../../platform/errors.js";
import { errorAnswers } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";

const tags = ["Operation"];
const Status = Type.Object({ status: Type.Literal("ok") });

const open = { isOpen: true };

/** What those who run the service look at: whether it lives, whether it can work, and what it has counted. */
export async function operationRoutes(server: Server, context: ServiceContext): Promise<void> {
  for (const add of [getHealth, getReadiness, getMetrics]) add(server, context);
}

function getHealth(server: Server): void {
  const schema = { operationId: "getHealth", summary: "Whether the process lives", tags, response: { 200: Status } };
  server.get("/health", { config: open, schema }, async () => ({ status: "ok" as const }));
}

function getReadiness(server: Server, { db }: ServiceContext): void {
  const schema = {
    operationId: "getReadiness",
    summary: "Whether the service can work: its database answers",
    tags,
    response: { 200: Status, ...errorAnswers(503) },
  };
  server.get("/ready", { config: open, schema }, async (request) => {
    try {
      await sql`SELECT 1`.execute(db);
      return { status: "ok" as const };
    } catch (error) {
      request.log.error({ err: error }, "not ready");
      throw new HttpError(503, "NotReady", "The database of the service does not answer.");
    }
  });
}

function getMetrics(server: Server, { metrics: { registry } }: ServiceContext): void {
  const schema = { operationId: "getMetrics", summary: "What the process has counted, for Prometheus", tags };
  server.get("/metrics", { schema }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
