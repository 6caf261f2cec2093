import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ClientError } from "../src/ClientError.js";
import { collect } from "../src/http/api.js";
import { openFile } from "../src/node/openFile.js";
import { populate, type PopulateResult } from "../src/populate/populate.js";
import type { ServiceClient } from "../src/ServiceClient.js";
import { ClientTest } from "./ClientTest.js";
import { FaultyProxy, moments, type Fault, type Moment } from "./FaultyProxy.js";

/** What is sent in each step of the workflow. The eighth prints the result, and sends nothing. */
const steps: { name: string; method: string; path: RegExp }[] = [
  { name: "0, find the iTwin of the iModel", method: "GET", path: /^\/imodels\// },
  { name: "1, get the root folder", method: "GET", path: /^\/storage\?/ },
  { name: "2, look for the file", method: "GET", path: /^\/storage\/folders\/[^/]+\/files/ },
  { name: "2, create the file", method: "POST", path: /^\/storage\/folders\/[^/]+\/files$/ },
  { name: "3, upload", method: "PUT", path: /^\/blobs\// },
  { name: "4, complete", method: "POST", path: /\/complete$/ },
  { name: "5, look for the connection", method: "GET", path: /\/storageconnections\?/ },
  { name: "5, create the connection", method: "POST", path: /\/storageconnections$/ },
  { name: "6, run", method: "POST", path: /\/run$/ },
  { name: "7, get the run", method: "GET", path: /\/runs\/[^/]+$/ },
];

describe("Populate, through a network that fails", function () {
  let test: ClientTest;
  let proxy: FaultyProxy;
  before(async () => {
    test = await ClientTest.start();
    proxy = await FaultyProxy.start(test.service.url);
  });
  after(async () => {
    await proxy.close();
    await test.close();
  });

  /** An iModel and a file that no other test has. */
  async function begin() {
    const id = randomUUID();
    const path = test.write(`${id}.csv`, "id,name\n1,Pump\n2,Valve\n");
    return { iModelId: await test.createIModel(id), files: [{ file: await openFile(path) }] };
  }

  /** Only where no answer ever comes the end of the patience is part of the test. */
  function client(retries: number, moment: Moment): ServiceClient {
    return test.client({ url: proxy.url, retries, timeoutSeconds: moment === "silent" ? 2 : 300 });
  }

  /** There is one file, one connection with it, and what is in the file has come into the iModel once. */
  async function expectOnce({ iModelId, files }: Awaited<ReturnType<typeof begin>>): Promise<void> {
    const { name } = files[0]!.file;
    const { storage, storageConnections } = test.client();
    const stored = await collect(storage.files(await storage.rootFolderId(test.iTwinId)));
    expect(stored.filter(({ displayName }) => displayName === name).map(({ size }) => size)).to.deep.equal([23]);
    expect(await test.connections(iModelId)).to.deep.equal([{ [name]: "SHELLEDWCSV" }]);
    const [connection] = await collect(storageConnections.list(iModelId));
    const runs = await collect(storageConnections.runs(connection!.id));
    const reports = await Promise.all(runs.map(async ({ id }) => storageConnections.runReport(connection!.id, id)));
    const news = reports.flatMap(({ tasks }) => tasks.map(({ report }) => newIn(report)));
    expect(news.reduce((sum, count) => sum + count, 0)).to.equal(2);
  }

  for (const moment of moments) {
    const faults = (lasts: Fault["lasts"]) =>
      steps.map(({ name, method, path }): Fault & { name: string } => ({ name, method, path, moment, lasts }));

    it(`survives that each step fails once: ${moment}${moment === "unheard" ? "" : " @all"}`, async () => {
      const plan = await begin();
      proxy.break(...faults("once"));
      const { result } = await populate({ client: client(5, moment), ...plan });
      expect(proxy.hits).to.have.lengthOf(steps.length);
      expect(result).to.equal("Success");
      await expectOnce(plan);
    });

    it(`can be repeated after each step has failed for good: ${moment}${moment === "unanswered" ? "" : " @all"}`, async () => {
      const plan = await begin();
      for (const fault of faults("on")) {
        proxy.break(fault);
        const failure = await failureOf(populate({ client: client(0, moment), ...plan }));
        expect([fault.name, failure.code]).to.deep.equal([fault.name, codeOf(moment)]);
        expect(failure.advice).to.be.a("string");
        expect(proxy.hits, fault.name).not.to.be.empty;
      }
      proxy.mend();
      const { result } = await populate({ client: client(5, moment), ...plan });
      expect(result).to.equal("Success");
      await expectOnce(plan);
    });
  }
});

function codeOf(moment: Moment): string {
  return moment === "unavailable" || moment === "failed" ? "client/service-failed" : "client/no-answer";
}

function newIn(report: unknown): number {
  return (report as { counts?: { new: number } } | undefined)?.counts?.new ?? 0;
}

async function failureOf(populated: Promise<PopulateResult>): Promise<ClientError> {
  const outcome = await populated.catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(ClientError);
  return outcome as ClientError;
}
