/** The entry of the process that calls the URLs of webhooks: what their owners give reaches no other process. */
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, request } from "undici";
import { messageOf } from "itwin-connector-framework/internal";
import { endWithParent } from "../../platform/process/endWithParent.js";
import { addressIn, AddressRules } from "../sources/addresses.js";

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

/** Checks the address when the connection is made, so that no name can lead to another one by then. */
const guardedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, []);
      return;
    }
    const [first] = addresses;
    if (first === undefined) done(new Error(`${host} has no address`), []);
    else if (!addresses.every(({ address }) => rules.allows(host, address))) done(notAllowed(host), []);
    else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

const agent = new Agent({ connect: { lookup: guardedLookup } });

endWithParent();
process.on("message", (event: OutgoingEvent) => {
  void send(event).then((outcome) => process.send?.(outcome, undefined, undefined, () => {}));
});

async function send({ messageId, url, body, signature }: OutgoingEvent): Promise<SendingOutcome> {
  const signal = AbortSignal.timeout(patience);
  try {
    const { hostname } = new URL(url);
    const address = addressIn(hostname); // one that is an address is never looked up
    if (address !== undefined && !rules.allows(address, address)) throw notAllowed(hostname);
    const headers = { "content-type": "application/json", signature };
    // Redirects are not followed: they are answers like others.
    const answer = await request(url, { method: "POST", dispatcher: agent, signal, headers, body });
    answer.body.dump({ limit: maxAnswer, signal }).catch(() => {}); // the status says it all
    return { messageId, status: answer.statusCode };
  } catch (error) {
    return { messageId, fault: messageOf(error) };
  }
}

function notAllowed(host: string): Error {
  return new Error(`${host} is not in the public Internet`);
}
