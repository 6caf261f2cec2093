import { ClientError } from "./ClientError.js";
import { ApiError, NoAnswerError } from "./http/errors.js";

/**
 * Does one step of a workflow. Where the service refuses it or does not answer, the error says in which step, and what to do.
 * @param step - what is done, such as `uploading plant.csv`
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
    return failure("no-answer", step, error.message, error, "Check that the service runs, and do the same again.");
  if (error instanceof TypeError) return unexpected(step, error);
  if (!(error instanceof ApiError)) return error;
  const { key, advice } = meaningOf(error);
  return failure(key, step, `${error.message} [${error.status} ${error.code}, ${error.request}]`, error, advice);
}

/** What is read of an answer is not in it. */
function unexpected(step: string, error: TypeError): ClientError {
  const what = `The answer has not the form that it should have (${error.message}).`;
  return failure("unexpected-answer", step, what, error, "Check that the URL is that of Storage and Synchronization.");
}

/** What the statuses of answers that refuse mean for who reads them. */
const meanings: Record<number, { key: string; advice: string }> = {
  401: { key: "unauthorized", advice: "Give a token that has not run out, with the scope itwin-platform." },
  403: { key: "forbidden", advice: "Ask for the right to do this in the iTwin; a URL for an upload may have run out." },
  404: { key: "not-found", advice: "Check the ids, and that the service is the one that knows them." },
  409: { key: "conflict", advice: "Somebody else does the same; wait, and do it again." },
  413: { key: "too-large", advice: "Ask who runs the service how large files may be." },
  422: { key: "invalid", advice: "Mend what the message names." },
  429: { key: "too-many-requests", advice: "Wait, and do the same again; what has been done is not done twice." },
};

function meaningOf({ status }: ApiError): { key: string; advice: string } {
  if (status >= 500) return { key: "service-failed", advice: "Do the same again; the log of the service tells more." };
  return meanings[status] ?? { key: "refused", advice: "Check the URL of the service." };
}

function failure(key: string, step: string, what: string, cause: Error, advice: string): ClientError {
  return new ClientError(`client/${key}`, `While ${step}: ${what}`, { cause, advice });
}
