/** One of several things that are wrong with a request. */
export interface ErrorDetail {
  code: string;
  message: string;
  /** The parameter or property that is wrong; absent for faults of the whole body. */
  target?: string;
}

/** The body of every answer that is not a success. */
export interface ErrorBody {
  error: ErrorDetail & { details?: ErrorDetail[] };
}

/** A request that cannot be fulfilled, and how the platform says so: rest-api.md, section 1.4. */
export class HttpError extends Error {
  public constructor(
    public readonly status: number,
    public readonly code: string,
    message: string,
    private readonly _more: { target?: string; details?: ErrorDetail[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "HttpError";
  }

  /** Headers of the answer. */
  public get headers(): Record<string, string> {
    return this._more.headers ?? {};
  }

  /** The body of the answer. */
  public get body(): ErrorBody {
    const { target, details } = this._more;
    return { error: { code: this.code, message: this.message, target, details } };
  }
}

/** No token, or none that counts here. */
export function unauthorized(code: string, message: string): HttpError {
  return new HttpError(401, code, message, { headers: { "www-authenticate": "Bearer" } });
}

/** The bearer is no member of the iTwin. */
export function forbidden(): HttpError {
  return new HttpError(
    403,
    "InsufficientPermissions",
    "The user has insufficient permissions for the requested operation.",
  );
}

/** The service cannot work at the moment, and may in some seconds. */
export function unavailable(code: string, message: string): HttpError {
  return new HttpError(503, code, message, { headers: { "retry-after": "2" } });
}

/**
 * What was asked for is not there.
 * @param entity - such as `StorageConnection`
 * @param shown - how the message calls it, where that is not the same
 */
export function notFound(entity: string, shown = entity): HttpError {
  return new HttpError(404, `${entity}NotFound`, `Requested ${shown} is not available.`);
}

/** A request that makes no sense, with everything that is wrong with it. */
export function unprocessable(code: string, details: ErrorDetail[], message = "Cannot perform operation."): HttpError {
  return new HttpError(422, code, message, { details });
}

/** A value that is not of the kind that it should be. */
export function invalidValue(target: string, message = `Provided ${target} value is not valid.`): ErrorDetail {
  return { code: "InvalidValue", message, target };
}

/** A body that is not JSON. */
export const malformedBody: ErrorDetail = {
  code: "InvalidRequestBody",
  message: "Error parsing JSON, malformed JSON.",
};
