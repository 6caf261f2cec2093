import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { requireVersion } from "../../histories/versions.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import type { ViewRequest } from "../../views/View.js";
import type { ViewStep } from "../../views/Views.js";
import { IModelParams } from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import { invalidCode, reads } from "./routeConfig.js";

const ViewParams = Type.Object({ ...IModelParams.properties, step: Type.String(), "*": Type.String() });

/**
 * What the viewer's page asks of a version, such as an element or a query: `views/3/…`, or `views/2-3/…` for what changed
 * between two. These operations belong to the page, and can change in any version.
 */
export function viewRoutes(server: Server, context: ServiceContext): void {
  const options = {
    config: reads,
    exposeHeadRoute: false,
    preValidation: loadsIModel(context),
    schema: { hide: true, params: ViewParams },
  };
  server.route({
    ...options,
    method: ["GET", "POST"],
    url: "/imodels/:iModelId/views/:step/*",
    handler: async (request, reply) => {
      const step = await stepOf(context, request.iModel, request.params.step);
      return answer(context, step, request, reply);
    },
  });
}

async function stepOf(
  { db }: ServiceContext,
  { id: iModelId, itwin_id: iTwinId, name }: FastifyRequest["iModel"],
  text: string,
): Promise<ViewStep> {
  const [, from, to = ""] = /^(?:(\d{1,9})-)?(\d{1,9})$/.exec(text) ?? [];
  if (to === "" || (from !== undefined && Number(from) >= Number(to)))
    throw unprocessable(invalidCode, [invalidValue("step")]);
  await requireVersion(db, iModelId, Number(to));
  return { iTwinId, iModelId, name, from: from === undefined ? undefined : Number(from), to: Number(to) };
}

/** An answer that its receiver does not take in this time, in milliseconds, is cut off. */
const answerTime = 5 * 60_000;

/** Hands the question to the process that has the version open, and its answer back. */
async function answer(
  { views }: ServiceContext,
  step: ViewStep,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(answerTime)]);
  try {
    const { result, release } = await views.use(step, signal, async (view) => view.ask(questionOf(request, signal)));
    signal.addEventListener("abort", release);
    if (signal.aborted) release();
    return await reply.code(result.status).type(result.contentType).send(result.body);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    return reply.hijack(); // nobody waits for the answer
  }
}

function questionOf(request: FastifyRequest, signal: AbortSignal): ViewRequest {
  const { "*": rest } = request.params as { "*": string };
  const [, query] = /\?(.*)$/s.exec(request.url) ?? [];
  const path = query === undefined ? rest : `${rest}?${query}`;
  return request.method === "POST"
    ? { method: "POST", path, body: JSON.stringify(request.body), signal }
    : { method: "GET", path, signal };
}
