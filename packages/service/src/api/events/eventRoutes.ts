import { PassThrough } from "node:stream";
import { Type } from "typebox";
import { uuidIn } from "../../platform/http/loads.js";
import { failures, StreamAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { longestTimer } from "../../platform/longestTimer.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { loadsITwin } from "../itwins/loadsITwin.js";
import { presentRunEvent } from "./presentRunEvent.js";
import { RunNews } from "./RunNews.js";

/** How often something is sent, so that proxies keep a connection on which nothing happens, in milliseconds. */
const heartbeat = 15_000;

/** Runs as they go, as server-sent events. Not an operation of the platform; the page of the service uses it. */
export async function eventRoutes(server: Server, context: ServiceContext): Promise<void> {
  const news = new RunNews(context.db, context.log);
  const open = new Set<PassThrough>();
  server.addHook("preClose", async () => open.forEach((stream) => stream.end()));

  server.get(
    "/events",
    {
      exposeHeadRoute: false, // it would listen for ever
      config: { scopes: ["synchronization:read", "synchronization:modify"], invalidCode: "InvalidEventsRequest" },
      preValidation: loadsITwin(context, uuidIn("query", "iTwinId")),
      schema: {
        operationId: "getEvents",
        summary: "The runs of an iTwin as they change: server-sent events named run",
        tags: ["Operation"],
        querystring: Type.Object({ iTwinId: Type.String() }),
        response: { 200: StreamAnswer("text/event-stream"), ...failures(404, 422) },
      },
    },
    async ({ iTwin, principal }, reply) => {
      const stream = streamRuns(news, iTwin.id, principal.expiresAt);
      open.add(stream);
      stream.on("close", () => open.delete(stream));
      return reply.type("text/event-stream").header("cache-control", "no-store").send(stream);
    },
  );
}

/** The runs of an iTwin as they change. It ends when the token does; a client that goes on watching has a new one then. */
function streamRuns(news: RunNews, iTwinId: string, expiresAt: number): PassThrough {
  const stream = new PassThrough();
  const stop = news.listen((run) => {
    if (run.itwin_id === iTwinId) stream.write(`event: run\ndata: ${JSON.stringify(presentRunEvent(run))}\n\n`);
  });
  const timer = setInterval(() => stream.write(":\n\n"), heartbeat);
  const end = setTimeout(() => stream.end(), Math.min(expiresAt - Date.now(), longestTimer));
  stream.on("close", () => {
    stop();
    clearInterval(timer);
    clearTimeout(end);
  });
  stream.write(":\n\n"); // the headers go out with it
  return stream;
}
