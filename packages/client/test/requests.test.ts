import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { collect } from "../src/http/api.js";
import { ApiError, NoAnswerError } from "../src/http/errors.js";
import { ServiceClient, type ServiceClientOptions } from "../src/ServiceClient.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
      .end(JSON.stringify(body));

const refusal = (status: number, code: string, headers?: Record<string, string>): Answer =>
  json(status, { error: { code, message: "No." } }, headers);

const iModel = json(200, { iModel: { id: "m", iTwinId: "t" } });
const upload = {
  _links: { uploadUrl: { href: "http://x/up" }, completeUrl: { href: "http://x/storage/files/f1/complete" } },
};
const cut: Answer = (_, response) => response.destroy();

/** Gives prepared answers, one to each request, the last one again and again. What it cannot show is shown on real services. */
describe("Requests of a client", () => {
  let server: Server;
  let answers: Answer[];
  let requests: { method: string; url: string; authorization?: string; time: number }[];
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, authorization: headers.authorization, time: performance.now() });
      request.resume();
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function client(options: Partial<ServiceClientOptions> = {}): ServiceClient {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new ServiceClient({ url, token: "t1", retryDelay: 5, retries: 3, ...options });
  }

  /** What a client that fails fails with. */
  async function failure<T extends Error>(work: Promise<unknown>, type: new (...args: never[]) => T): Promise<T> {
    const outcome = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(type);
    return outcome as T;
  }

  it("bear the token", async () => {
    answers = [iModel];
    expect((await client({ token: "Bearer t2" }).getIModel("m")).iTwinId).to.equal("t");
    expect(requests).to.have.lengthOf(1);
    expect(requests[0]).to.include({ method: "GET", url: "/imodels/m", authorization: "Bearer t2" });
  });

  const faults: Record<string, Answer> = {
    "500": refusal(500, "Oops"),
    "503 without JSON": (_, response) => response.writeHead(503).end("busy"),
    "a cut connection": cut,
    "half an answer": (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
      response.write('{"iModel"', () => response.destroy());
    },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`that read are repeated after ${name}`, async () => {
      answers = [fault, fault, iModel];
      await client().getIModel("m");
      expect(requests).to.have.lengthOf(3);
    });

    it(`that create something are not repeated after ${name}`, async () => {
      answers = [fault, json(202, upload)];
      await failure(client().storage.createFile("root", "a.csv"), Error);
      expect(requests).to.have.lengthOf(1);
    });
  }

  it("that create something are repeated after 429: it was not handled", async () => {
    answers = [refusal(429, "TooManyRequests", { "retry-after": "0" }), json(202, upload)];
    expect(await client().storage.createFile("root", "a.csv")).to.deep.equal({
      fileId: "f1",
      uploadUrl: "http://x/up",
    });
  });

  it("are repeated no sooner than the service asks", async () => {
    answers = [refusal(429, "TooManyRequests", { "retry-after": "1" }), iModel];
    const retried: Error[] = [];
    await client({ onRetry: (error) => retried.push(error) }).getIModel("m");
    expect(requests[1]!.time - requests[0]!.time).to.be.at.least(1000);
    expect(retried).to.have.lengthOf(1);
    expect(retried[0]).to.include({ status: 429, retryAfter: 1 });
  });

  it("are given up after so many repetitions", async () => {
    answers = [refusal(502, "Oops")];
    const error = await failure(client().getIModel("m"), ApiError);
    expect(error).to.include({ status: 502, code: "Oops", message: "No." });
    expect(requests).to.have.lengthOf(4);
  });

  it("fail with all that the service says", async () => {
    const details = [
      { code: "InvalidValue", message: "Provided connectorType value is not valid.", target: "connectorType" },
      { code: "MissingRequiredProperty", message: "One is missing.", target: "iModelId" },
    ];
    answers = [
      json(422, { error: { code: "InvalidX", message: "Cannot perform operation.", target: "body", details } }),
    ];
    const create = client().storageConnections.create({ iModelId: "m", sourceFiles: [] });
    const error = await failure(create, ApiError);
    expect(error).to.deep.include({ status: 422, code: "InvalidX", target: "body", details });
    expect(error.message).to.equal(
      "Cannot perform operation. Provided connectorType value is not valid. One is missing. (iModelId)",
    );
    expect(error.request).to.match(/^POST http:.*\/storageconnections$/);
  });

  it("say so where no service answers, but a page", async () => {
    answers = [(_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>")];
    const error = await failure(client().getIModel("m"), ApiError);
    expect(error).to.include({ code: "NotJson", status: 200 });
  });

  it("end when no answer comes in time", async () => {
    answers = [() => {}];
    const error = await failure(client({ timeoutSeconds: 0.1, retries: 1 }).getIModel("m"), NoAnswerError);
    expect(error.message).to.match(/^http:\/\/127.0.0.1:\d+ does not answer in time.$/);
    expect(requests).to.have.lengthOf(2);
  });

  it("are repeated whatever they do where nothing listens", async () => {
    const silent = client();
    answers = [json(202, upload)];
    server.close();
    let retries = 0;
    const onRetry = () => (retries += 1);
    const error = await failure(
      new ServiceClient({ url: silent.url, token: "t", retries: 2, retryDelay: 5, onRetry }).storage.createFile(
        "r",
        "a",
      ),
      NoAnswerError,
    );
    expect(error.message).to.match(/cannot be reached \(ECONNREFUSED\)/);
    expect([error.mayHaveArrived, retries]).to.deep.equal([false, 2]);
  });

  it("end when they are told to, while they wait for an answer or for the next attempt", async () => {
    for (const answer of [() => {}, refusal(429, "TooManyRequests", { "retry-after": "1000" })]) {
      answers = [answer];
      const controller = new AbortController();
      const work = client().getIModel("m", { signal: controller.signal });
      setTimeout(() => controller.abort(new Error("enough")), 50);
      expect((await failure(work, Error)).message).to.equal("enough");
    }
  });

  it("get another token once where one is refused", async () => {
    const tokens = ["t1", "t2"];
    const token = { getToken: async (refused?: string) => tokens.find((one) => one !== refused)! };
    answers = [refusal(401, "TokenExpired"), iModel];
    await client({ token }).getIModel("m");
    expect(requests.map(({ authorization }) => authorization)).to.deep.equal(["Bearer t1", "Bearer t2"]);
    answers = [refusal(401, "TokenExpired")];
    expect(await failure(client({ token }).getIModel("m"), ApiError)).to.include({ status: 401 });
    expect(requests).to.have.lengthOf(4);
  });

  it("that remove something have done so where it is gone at the second attempt", async () => {
    answers = [cut, refusal(404, "FileNotFound")];
    await client().storage.deleteFile("f");
    answers = [refusal(404, "FileNotFound")];
    expect(await failure(client().storage.deleteFile("f"), ApiError)).to.include({ code: "FileNotFound" });
  });

  it("ask for lists page by page", async () => {
    const page = (from: number, count: number) =>
      json(200, { files: Array.from({ length: count }, (_, index) => ({ id: `f${from + index}` })), _links: {} });
    answers = [page(0, 100), page(100, 1)];
    const files = await collect(client().storage.files("root"));
    expect(files.map(({ id }) => id).slice(-2)).to.deep.equal(["f99", "f100"]);
    expect(requests.map(({ url }) => decodeURIComponent(url.split("?")[1]!))).to.deep.equal([
      "$top=100&$skip=0",
      "$top=100&$skip=100",
    ]);
  });

  for (const url of ["", "api.bentley.com", "ftp://x", "127.0.0.1:3001"])
    it(`cannot go to ${url || "nowhere"}`, () => {
      expect(() => new ServiceClient({ url, token: "t" })).to.throw(/is not the URL of a service/);
    });
});
