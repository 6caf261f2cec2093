/** The entry of the process that calls the URLs of webhooks: what their owners give reaches no other process. */
import type { IncomingMessage } from "node:http";
import { messageOf } from "itwin-connector-framework/internal";
import { sendRequest } from "../../platform/http/sendRequest.js";
import { endWithParent } from "../../platform/process/endWithParent.js";
import { addressIn, AddressRules } from "../sources/addresses.js";
import { guardedLookup } from "../sources/guardedLookup.js";

/** An event, as it is sent. */
export interface OutgoingEvent {
  messageId: string;
  url: string;
  body: string;
  /** The value of the header `Signature`. */
  signature: string;
}

/** What became of an event. */
export interface SendingOutcome {
  messageId: string;
  /** Of the answer, if there was one in time. */
  status?: number;
  /** Why there was none. */
  fault?: string;
}

/** How long a receiver may take for its answer, in milliseconds. */
const patience = 5000;

/** So much of an answer is read, in bytes, and thrown away. */
const maxAnswer = 65_536;

const rules = new AddressRules(JSON.parse(process.argv[2] ?? "[]") as string[]);

const lookup = guardedLookup(rules, notAllowed);

endWithParent();
process.on("message", (event: OutgoingEvent) => {
  void send(event).then((outcome) => process.send?.(outcome, undefined, undefined, () => {}));
});

async function send({ messageId, url, body, signature }: OutgoingEvent): Promise<SendingOutcome> {
  const signal = AbortSignal.timeout(patience);
  try {
    const target = new URL(url);
    const address = addressIn(target.hostname); // one that is an address is never looked up
    if (address !== undefined && !rules.allows(address, address)) throw notAllowed(target.hostname);
    const length = Buffer.byteLength(body);
    const headers = { "content-type": "application/json", "content-length": length, signature };
    // Redirects are not followed: they are answers like others.
    const answer = await sendRequest(target, { method: "POST", lookup, signal, headers }, body);
    throwAway(answer);
    return { messageId, status: answer.statusCode };
  } catch (error) {
    return { messageId, fault: messageOf(error) };
  }
}

/** The status says it all. What is longer, or is broken off, is nobody's loss. */
function throwAway(answer: IncomingMessage): void {
  let size = 0;
  answer.on("error", () => {});
  answer.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxAnswer) answer.destroy();
  });
}

function notAllowed(host: string): Error {
  return new Error(`${host} is not in the public Internet`);
}
