import type { Kysely } from "kysely";
import { Type } from "typebox";
import type { ServiceContext } from "../../ServiceContext.js";
import type { Tables } from "../../platform/database/tables.js";
import { unavailable } from "../../platform/errors.js";
import { errorAnswers } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { orAborted } from "../../platform/orAborted.js";

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

/** In milliseconds. A database that does not answer so soon is none that requests could wait for. */
const patience = 5000;

function getReadiness(server: Server, { db, queue }: ServiceContext): void {
  const schema = {
    operationId: "getReadiness",
    summary: "Whether the service can work: its database gives what it must have, and the queue can be read",
    tags,
    response: { 200: Status, ...errorAnswers(503) },
  };
  server.get("/ready", { config: open, schema }, async (request) => {
    try {
      const signal = AbortSignal.timeout(patience);
      await orAborted(Promise.all([ensureKnownRow(db), queue.countWaiting()]), signal);
      return { status: "ok" as const };
    } catch (error) {
      request.log.error({ err: error }, "not ready");
      throw unavailable("NotReady", "The database of the service does not answer.");
    }
  });
}

/** The keys of the service are there from its first start on. A broken session says that they are not. */
async function ensureKnownRow(db: Kysely<Tables>): Promise<void> {
  const row = await db.selectFrom("secrets").select("name").where("name", "=", "token-key").executeTakeFirst();
  if (row === undefined) throw new Error("the database does not have the keys of the service");
}

function getMetrics(server: Server, { metrics: { registry } }: ServiceContext): void {
  const schema = { operationId: "getMetrics", summary: "What the process has counted, for Prometheus", tags };
  server.get("/metrics", { schema }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
