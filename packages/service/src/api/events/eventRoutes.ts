import { PassThrough } from "node:stream";
import { Type } from "typebox";
import { failures, StreamAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { accessITwin } from "../itwins/loadsITwin.js";
import { longestTimer } from "../../platform/longestTimer.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { connectionIdOf } from "../synchronization/presentConnection.js";
import { RunNews, type ChangedRun } from "./RunNews.js";

const invalidCode = "InvalidEventsRequest";

/** How often something is sent, so that proxies keep a connection on which nothing happens, in milliseconds. */
const heartbeat = 15_000;

/** Runs as they go, as server-sent events. Not an operation of the platform; the page of the service uses it. */
export async function eventRoutes(server: Server, context: ServiceContext): Promise<void> {
  const { db, log } = context;
  const news = new RunNews(db, log);
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
        response: { 200: StreamAnswer("text/event-stream"), ...failures(404, 422) },
      },
    },
    async (request, reply) => {
      const { id: iTwinId } = await accessITwin(context, request, request.query.iTwinId);
      const stream = new PassThrough();
      const stop = news.listen((run) => {
        if (run.itwin_id === iTwinId) stream.write(`event: run\ndata: ${JSON.stringify(presentRun(run))}\n\n`);
      });
      const timer = setInterval(() => stream.write(":\n\n"), heartbeat);
      // No longer than the token holds; who watches has a new one by then.
      const remaining = Math.min(request.principal.expiresAt - Date.now(), longestTimer);
      const end = setTimeout(() => stream.end(), remaining);
      open.add(stream);
      stream.on("close", () => {
        stop();
        clearInterval(timer);
        clearTimeout(end);
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
