import { PassThrough } from "node:stream";
import { Type } from "typebox";
import { errorAnswers, StreamAnswer } from "../http/schemas.js";
import { invalidValue, notFound, unprocessable } from "../http/errors.js";
import type { Server } from "../http/server.js";
import { isUuid } from "../ids.js";
import type { ServiceContext } from "../ServiceContext.js";
import { connectionIdOf } from "../synchronization/present.js";
import { RunWatch, type ChangedRun } from "./RunWatch.js";

const invalidCode = "InvalidEventsRequest";

/** How often something is sent, so that proxies keep a connection on which nothing happens, in milliseconds. */
const heartbeat = 15_000;

/** Runs as they go, as server-sent events. Not an operation of the platform; the page of the service uses it. */
export async function eventRoutes(server: Server, { access, db, log }: ServiceContext): Promise<void> {
  const watch = new RunWatch(db, log);
  const open = new Set<PassThrough>();
  server.addHook("preClose", async () => open.forEach((stream) => stream.end()));

  server.get(
    "/events",
    {
      exposeHeadRoute: false, // it would listen for ever
      config: { scopes: ["synchronization:read", "synchronization:modify"], invalidCode },
      schema: {
        operationId: "getEvents",
        summary: "The runs of an iTwin as they change: server-sent events named run",
        tags: ["Operation"],
        querystring: Type.Object({ iTwinId: Type.String() }),
        response: { 200: StreamAnswer("text/event-stream"), ...errorAnswers(401, 403, 404, 422, 429) },
      },
    },
    async (request, reply) => {
      const iTwinId = request.query.iTwinId.toLowerCase();
      if (!isUuid(iTwinId)) throw unprocessable(invalidCode, [invalidValue("iTwinId")]);
      const found = await db.selectFrom("itwins").select("id").where("id", "=", iTwinId).executeTakeFirst();
      if (found === undefined) throw notFound("iTwin");
      await access.ensureMember(request.principal, iTwinId);
      const stream = new PassThrough();
      const stop = watch.listen((run) => {
        if (run.itwin_id === iTwinId) stream.write(`event: run\ndata: ${JSON.stringify(presentRun(run))}\n\n`);
      });
      const timer = setInterval(() => stream.write(":\n\n"), heartbeat);
      open.add(stream);
      stream.on("close", () => {
        stop();
        clearInterval(timer);
        open.delete(stream);
      });
      stream.write(":\n\n"); // the headers go out with it
      return reply.type("text/event-stream").header("cache-control", "no-store").send(stream);
    },
  );
}

/** A run with its progress, which the platform's operations do not tell. */
function presentRun(run: ChangedRun): object {
  return {
    id: run.id,
    iModelId: run.imodel_id,
    connectionId: connectionIdOf({ id: run.connection_id, imodel_id: run.imodel_id }),
    kind: run.kind,
    state: run.state,
    result: run.result,
    phase: run.phase,
    startDateTime: run.started_at.toISOString(),
    endDateTime: run.ended_at?.toISOString(),
    error: run.error ?? undefined,
    jobs: run.jobs,
  };
}
