/** An answer of the service, with its body read. */
export interface Answer<T = Record<string, never>> {
  status: number;
  headers: Headers;
  /** The JSON of the body, or undefined where there is none. */
  body: T;
}

/** Sends a request and reads the answer. A redirect is an answer like any other. */
export async function sendRequest<T = Record<string, never>>(
  method: string,
  url: string,
  token: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    redirect: "manual",
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? undefined : JSON.parse(text)) as T,
  };
}
