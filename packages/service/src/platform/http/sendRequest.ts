import { request as requestPlain, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";

/** Sends a request over http or https. @returns the answer as soon as its headers are there */
export async function sendRequest(
  url: URL,
  options: Pick<RequestOptions, "method" | "headers" | "signal" | "lookup">,
  body?: string,
): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    // A connection of its own: one that is used again may be closed by then.
    request(url, { ...options, agent: false })
      .on("response", resolve)
      .on("upgrade", (_, socket) => {
        socket.destroy();
        reject(new Error("it answered in another protocol"));
      })
      .on("error", reject)
      .end(body);
  });
}
