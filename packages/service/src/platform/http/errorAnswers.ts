import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { DatabaseUnavailable } from "../database/DatabaseUnavailable.js";
import { isForeignKeyViolation, isUnstorable } from "../database/violations.js";
import { HttpError, malformedBody, unavailable, unprocessable, type ErrorDetail } from "../errors.js";
import { describeFindings, pageTooLarge, type Finding } from "./findings.js";

/** Answers a request that failed, in the platform's form. What we did not expect is logged, and not shown. */
export function answerError(error: FastifyError | HttpError, request: FastifyRequest, reply: FastifyReply): void {
  const known = toHttpError(error, request);
  if (known.status >= 500) request.log.error({ err: error }, "request failed");
  void reply.code(known.status).headers(known.headers).type("application/json; charset=utf-8").send(known.body);
}

/** Answers a request for a route that does not exist. */
export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split("?")[0];
  answerError(new HttpError(404, "NotFound", `There is no operation ${request.method} ${path}.`), request, reply);
}

const unstorableValue: ErrorDetail = {
  code: "InvalidValue",
  message: "A value holds characters that no text can hold, or a number that is too large.",
};

function toHttpError(error: FastifyError | HttpError, request: FastifyRequest): HttpError {
  if (error instanceof HttpError) return error;
  const { invalidCode = "InvalidRequest" } = request.routeOptions.config;
  if (error.validation !== undefined) return invalidRequest(invalidCode, detailsOf(error, request), request);
  if (error instanceof DatabaseUnavailable)
    return unavailable("ServiceUnavailable", "The database of the service does not answer. Try again in a moment.");
  if (isUnstorable(error)) return unprocessable(invalidCode, [unstorableValue]);
  if (isForeignKeyViolation(error)) return new HttpError(404, "NotFound", "What the request refers to was removed.");
  if (error.statusCode === 413)
    return new HttpError(413, "ContentTooLarge", "The content of the request is too large.");
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new HttpError(error.statusCode, "BadRequest", error.message);
  return new HttpError(
    500,
    "InternalServerError",
    "The service failed; its log tells more under the id of the request.",
    {
      target: request.id,
    },
  );
}

const missingBody: ErrorDetail = { code: "MissingRequestBody", message: "The request has no body." };

/** The platform has a code of its own for a body that is missing, and a message of its own for pages that are too large. */
function invalidRequest(code: string, details: ErrorDetail[], { routeOptions }: FastifyRequest): HttpError {
  if (routeOptions.config.namesMissingBody && details.includes(missingBody))
    return unprocessable(missingBody.code, details);
  const isPageTooLarge = details.some(({ message }) => message === pageTooLarge);
  return unprocessable(code, details, isPageTooLarge ? pageTooLarge : undefined);
}

function detailsOf(error: FastifyError, request: FastifyRequest): ErrorDetail[] {
  if (request.isMalformed) return [malformedBody];
  if (error.validationContext === "body" && (request.body === undefined || request.body === null)) return [missingBody];
  return describeFindings(error.validation as unknown as Finding[], error.validationContext);
}
