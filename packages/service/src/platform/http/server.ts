import "@fastify/swagger"; // what a schema may say for the OpenAPI document
import { randomUUID } from "node:crypto";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import { Ajv } from "ajv";
import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { TokenVerifier } from "../auth/TokenVerifier.js";
import { platformScope, type Principal } from "../auth/Principal.js";
import type { ServiceConfig } from "../config/ServiceConfig.js";
import type { Logger } from "pino";
import type { Metrics } from "../metrics.js";
import type { Ongoing } from "../Ongoing.js";
import { HttpError, unauthorized } from "../errors.js";
import { answerError, answerUnknownRoute } from "./errorAnswers.js";
import { parseJsonBody } from "./jsonBody.js";
import { readQuery } from "./query.js";
import { validation } from "./validation.js";

/** The server of a service, with types from the schemas of its routes. */
export type Server = FastifyInstance<
  import("node:http").Server,
  import("node:http").IncomingMessage,
  import("node:http").ServerResponse,
  Logger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifyRequest {
    /** Who sends the request. Absent on open routes. */
    principal: Principal;
    /** The URL of the service as this client sees it: scheme, host and port. */
    origin: string;
    /** Whether the body was there but no JSON. */
    isMalformed: boolean;
  }
  interface FastifyContextConfig {
    /** Scopes of which one is needed. Default: `itwin-platform` alone. */
    scopes?: string[];
    /** Whether no token is needed. */
    isOpen?: boolean;
    /** Whether the route parses and checks large bodies itself, and gets them as a `Buffer`. */
    takesLargeBodies?: boolean;
    /** The code of 422 answers, such as `InvalidStorageConnectionRequest`. */
    invalidCode?: string;
    /** Whether a body that is missing is answered with the code `MissingRequestBody` in its place. */
    namesMissingBody?: boolean;
  }
}

/** JSON says of what type a value is: null is not an empty text, and a number no text. */
const ofBodies = new Ajv(validation);

/** Queries and paths hold texts only. */
const ofTexts = new Ajv({ ...validation, coerceTypes: true });

/** A body that its route checks itself is a `Buffer` here. */
function compileBody(schema: object) {
  const validate = ofBodies.compile(schema);
  const check = Object.assign(
    (body: unknown) => {
      const isValid = Buffer.isBuffer(body) || validate(body);
      check.errors = validate.errors;
      return isValid;
    },
    { errors: validate.errors },
  );
  return check;
}

/** What the server needs to know whom it talks to. */
export interface ServerOptions {
  config: ServiceConfig;
  verifier: TokenVerifier;
  log: Logger;
  metrics: Metrics;
  ongoing: Ongoing;
}

/**
 * Makes a server with what is common to all routes: tokens and scopes, rate limits, JSON bodies, errors, CORS. Routes are
 * added by plugins. The order of checks is that of rest-api.md, 1.4: token, rate, ids, permissions, existence, body; a
 * route does the middle ones in `preValidation`.
 */
export async function makeServer({ config, verifier, log, metrics, ongoing }: ServerOptions): Promise<Server> {
  const server: Server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // one line for each answer, below, instead of two
    genReqId: () => randomUUID(),
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true, // clients put a slash between two
      querystringParser: readQuery,
      maxParamLength: 500,
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === "body" ? compileBody(schema as object) : ofTexts.compile(schema),
  );
  server.decorateRequest("principal");
  server.decorateRequest("origin", "");
  server.decorateRequest("isMalformed", false);
  server.removeContentTypeParser(["application/json", "text/plain"]);
  server.addContentTypeParser("*", { parseAs: "buffer" }, parseJsonBody);
  server.setErrorHandler(answerError);
  server.setNotFoundHandler(answerUnknownRoute);
  await server.register(cors, corsOptions);
  server.addHook("onRequest", async (request, reply) => {
    reply.raw.once(
      "close",
      ongoing.add(() => ({ reqId: request.id, method: request.method, path: pathOf(request) })),
    );
    request.origin = config.publicUrl ?? `${request.protocol}://${request.host}`;
    await authenticate(request, verifier);
  });
  await server.register(rateLimit, {
    hook: "preParsing", // when it is known who asks
    max: config.limits.requestsPerMinute,
    timeWindow: "1 minute",
    keyGenerator: (request) => (request.principal as Principal | undefined)?.subject ?? request.ip,
    errorResponseBuilder: () => new HttpError(429, "TooManyRequests", tooManyRequests),
  });
  server.addHook("onResponse", logAnswer);
  server.addHook("onResponse", async ({ routeOptions }, reply) => {
    const operation = routeOptions.schema?.operationId ?? "unknown";
    metrics.requests.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  return server;
}

const tooManyRequests = "More requests were received than the subscription rate-limit allows.";

/** Browsers of any origin may call: what protects the service is the token, which no browser adds by itself. */
const corsOptions = {
  origin: "*",
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowedHeaders: ["Authorization", "Content-Type", "Accept", "Prefer", "x-ms-blob-type", "x-itwin-query-scope"],
  exposedHeaders: ["Location", "retry-after"],
};

async function authenticate(request: FastifyRequest, verifier: TokenVerifier): Promise<void> {
  const { isOpen = false, scopes = [] } = request.routeOptions.config;
  if (isOpen || request.is404) return;
  request.principal = await verifier.principalOf(request.headers.authorization);
  const has = (scope: string) => request.principal.scopes.has(scope);
  if (has(platformScope) || scopes.some(has)) return;
  const wanted = [...scopes, platformScope].join(" or ");
  throw unauthorized("RequiredScopeMissing", `The access token does not have the scope ${wanted}. Access denied.`);
}

async function logAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { method } = request;
  const milliseconds = Math.round(reply.elapsedTime);
  request.log.debug({ method, path: pathOf(request), status: reply.statusCode, milliseconds }, "answered");
}

/** The query may hold a signature. */
function pathOf({ url }: FastifyRequest): string | undefined {
  return url.split("?")[0];
}
