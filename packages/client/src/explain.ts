import { ClientError } from "./ClientError.js";
import { ApiError, NoAnswerError } from "./http/errors.js";

/**
 * Does one step of a workflow. If the service refuses it or does not answer, the error names the step and says what to do.
 * @param step - the step as the user reads it, such as `uploading plant.csv`
 * @throws ClientError `client/...`, with the `ApiError` or `NoAnswerError` as its cause
 */
export async function inStep<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(step, error);
  }
}

function explain(step: string, error: unknown): unknown {
  if (error instanceof NoAnswerError)
    return failure("no-answer", step, error.message, error, "Check that the service is running, then try again.");
  if (error instanceof TypeError) return unexpected(step, error);
  if (!(error instanceof ApiError)) return error;
  const { key, advice } = meaningOf(error);
  return failure(key, step, `${error.message} [${error.status} ${error.code}, ${error.request}]`, error, advice);
}

/** The response lacks a member that every response of the APIs has. */
function unexpected(step: string, error: TypeError): ClientError {
  const what = `The response does not have the expected form (${error.message}).`;
  const advice = "Check that the URL is that of a Storage and Synchronization service.";
  return failure("unexpected-answer", step, what, error, advice);
}

/** What the status of a refusal means for the user. */
const meanings: Record<number, { key: string; advice: string }> = {
  401: { key: "unauthorized", advice: "Give a token that has not expired and has the scope itwin-platform." },
  403: {
    key: "forbidden",
    advice: "Ask for the permission in the iTwin. In an upload its URL may have expired; then try again.",
  },
  404: { key: "not-found", advice: "Check the ids, and that the URL is that of the service that has them." },
  409: { key: "conflict", advice: "Another client is doing the same. Wait, then try again." },
  413: { key: "too-large", advice: "Ask the operator of the service how large a file can be." },
  422: { key: "invalid", advice: "Fix what the message names." },
  429: { key: "too-many-requests", advice: "Wait, then try again. Completed steps are not repeated." },
};

function meaningOf({ status }: ApiError): { key: string; advice: string } {
  if (status >= 500) return { key: "service-failed", advice: "Try again. The log of the service has details." };
  return meanings[status] ?? { key: "refused", advice: "Check the URL of the service." };
}

function failure(key: string, step: string, what: string, cause: Error, advice: string): ClientError {
  return new ClientError(`client/${key}`, `While ${step}: ${what}`, { cause, advice });
}
