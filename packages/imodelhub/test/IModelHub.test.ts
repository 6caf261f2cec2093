import { LockConflict } from "@itwin/core-backend";
import { Guid, IModelHubStatus } from "@itwin/core-bentley";
import { LockState } from "@itwin/core-common";
import { expect } from "chai";
import { ConnectorRunner, ServerArgs } from "itwin-connector-framework";
import { IModelHub } from "../src/IModelHub.js";
import { openIModelOnHub } from "../src/index.js";
import { KitTimeline } from "../../../test/kit/KitTimeline.js";
import { StubHub, type StubAnswer, type StubRequest } from "./StubHub.js";

const iModelId = Guid.createValue();
const iTwinId = Guid.createValue();
const changeset = { index: 3, id: "c3" };
const refusal = (code: string, more: object = {}) => ({ error: { code, message: code, ...more } });

describe("iModelHub, as a stub has it,", () => {
  let stub: StubHub;
  let tokens: string[];

  /** A hub whose tokens are numbered, so that it shows which one a request came with. */
  async function start(answer: (request: StubRequest, index: number) => StubAnswer): Promise<IModelHub> {
    tokens = [];
    stub = new StubHub(answer);
    await stub.start();
    return new IModelHub({
      environment: stub.url,
      getToken: async () => {
        tokens.push(`token${tokens.length + 1}`);
        return tokens.at(-1)!;
      },
    });
  }

  afterEach(() => stub.stop());

  const paths = () => stub.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);

  it("is asked for an iModel by its name, in an iTwin by its name", async () => {
    await start(({ path }) => {
      if (path.startsWith("/itwins")) return [200, { iTwins: [{ id: iTwinId }] }];
      return [200, { iModels: path.includes("name=Plant") ? [{ id: iModelId }] : [], _links: {} }];
    });
    const args = { environment: stub.url, getToken: async () => "token", contextName: "Works" };
    const imodel = await openIModelOnHub({ ...args, iModelName: "Plant" }, false);
    expect(imodel).to.include({ iModelId, iTwinId, place: "Plant on iModelHub" });
    expect(imodel.releaseAdvice(7)).to.contain("iModelHub").and.not.to.contain("bank");
    expect(paths()).to.deep.equal(["GET /itwins", "GET /imodels"]);
    const error = await openIModelOnHub({ ...args, iModelName: "Other" }, false).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "imodelhub/unknown-imodel" });
  });

  it("gets the token, which is asked for once while it is good", async () => {
    const hub = await start(() => [200, { iModels: [{ id: iModelId }], _links: {} }]);
    for (let time = 0; time < 2; time++)
      expect(await hub.queryIModelByName({ iTwinId, iModelName: "Plant" })).to.equal(iModelId);
    expect(stub.requests.map(({ authorization }) => authorization)).to.deep.equal(["Bearer token1", "Bearer token1"]);
    expect(tokens).to.have.length(1);
  });

  it("gets another token where one has run out, and where that is refused too, the run ends", async () => {
    const hub = await start(({ authorization }) =>
      authorization === "Bearer token2" ? [200, { iModels: [], _links: {} }] : [401, refusal("Unauthorized")],
    );
    expect(await hub.queryIModelByName({ iTwinId, iModelName: "Plant" })).to.equal(undefined);
    expect(tokens).to.have.length(2);
    await stub.stop();

    const other = await start(() => [401, refusal("Unauthorized")]);
    const error = await other.queryIModelByName({ iTwinId, iModelName: "Plant" }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "imodelhub/denied" });
    expect(tokens).to.have.length(2);
  });

  it("asks for a token again where there was none before, or none that was good", async () => {
    const given = [undefined, "bad", "bad", "good"];
    stub = new StubHub(({ authorization }) =>
      authorization === "Bearer good" ? [200, { iModels: [], _links: {} }] : [401, refusal("Unauthorized")],
    );
    await stub.start();
    const hub = new IModelHub({
      environment: stub.url,
      getToken: async () => given.shift() ?? Promise.reject(new Error("there is no token yet")),
    });
    const ask = async () => hub.queryIModelByName({ iTwinId, iModelName: "Plant" });
    expect(await ask().catch((thrown: unknown) => thrown)).to.include({ message: "there is no token yet" });
    expect(await ask().catch((thrown: unknown) => thrown)).to.include({ code: "imodelhub/denied" });
    expect(await ask()).to.equal(undefined);
    expect(given).to.be.empty;
    expect(stub.requests).to.have.length(3);
  });

  it("is asked again after errors that pass", async () => {
    const hub = await start((_, index) =>
      index < 2
        ? [[503, 429][index]!, refusal("Unknown")]
        : [201, { briefcase: { briefcaseId: 7, _links: { checkpoint: { href: "x" }, owner: { href: "x" } } } }],
    );
    expect(await hub.acquireNewBriefcaseId({ iModelId })).to.equal(7);
    expect(paths()).to.deep.equal(Array(3).fill(`POST /imodels/${iModelId}/briefcases`));
  });

  it("is not asked again after errors that stay", async () => {
    const hub = await start(() => [403, refusal("InsufficientPermissions")]);
    const error = await hub.acquireNewBriefcaseId({ iModelId }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "imodelhub/denied" });
    expect(stub.requests).to.have.length(1);
  });

  it("says in every call that it cannot be reached", async () => {
    const hub = await start(() => [200, {}]);
    await stub.stop();
    for (const request of [
      hub.findITwin("Plant"),
      hub.describe(iModelId),
      hub.queryIModelByName({ iTwinId, iModelName: "Plant" }),
    ]) {
      const error: unknown = await request.catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "imodelhub/unreachable", recovery: "retriable" });
      expect((error as Error).message).to.match(/^iModelHub does not answer: .*ECONNREFUSED/);
    }
  });

  it("tells who holds a lock", async () => {
    const conflictingLocks = [{ objectId: "0x1", lockLevel: "exclusive", briefcaseIds: [9] }];
    const hub = await start(() => [409, refusal("ConflictWithAnotherUser", { conflictingLocks })]);
    const locks = new Map([["0x1", LockState.Exclusive]]);
    const error = await hub
      .acquireLocks({ iModelId, briefcaseId: 7, changeset }, locks)
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LockConflict).and.include({ briefcaseId: 9 });
    expect(stub.requests[0]!.body).to.deep.equal({
      briefcaseId: 7,
      changesetId: "c3",
      lockedObjects: [{ lockLevel: "exclusive", objectIds: ["0x1"] }],
    });
  });

  it("makes core-backend pull where there are newer changesets", async () => {
    const hub = await start(() => [409, refusal("NewerChangesExist")]);
    const locks = new Map([["0x1", LockState.Shared]]);
    const error = await hub
      .acquireLocks({ iModelId, briefcaseId: 7, changeset }, locks)
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ errorNumber: IModelHubStatus.PullIsRequired });
  });

  it("knows the changesets of its history, at their indexes, and no others", async () => {
    const known = { ...changeset, displayName: "3", _links: {} };
    await start(({ path }) => {
      if (path === `/imodels/${iModelId}`) return [200, { iModel: { id: iModelId, displayName: "Plant", iTwinId } }];
      if (path.endsWith("/changesets/fail")) return [403, refusal("InsufficientPermissions")];
      return path.endsWith(`/changesets/${changeset.id}`)
        ? [200, { changeset: known }]
        : [404, refusal("ChangesetNotFound")];
    });
    const imodel = await openIModelOnHub({ environment: stub.url, getToken: async () => "token", iModelId }, false);
    expect(await imodel.knows(changeset)).to.equal(true);
    expect(await imodel.knows({ ...changeset, index: 4 })).to.equal(false);
    expect(await imodel.knows({ index: 3, id: "other" })).to.equal(false);
    const asked = stub.requests.length;
    expect(await imodel.knows({ index: 0, id: "" })).to.equal(true);
    expect(stub.requests).to.have.length(asked);
    const error = await imodel.knows({ index: 3, id: "fail" }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "imodelhub/denied" });
  });

  it("ends a run that it refuses, with advice", async () => {
    await start(() => [401, refusal("Unauthorized")]);
    const timeline = new KitTimeline();
    timeline.write({ categories: ["Steel"] });
    const serverArgs = Object.assign(new ServerArgs(), { iModelId, getToken: async () => "old" });
    const runner = new ConnectorRunner(timeline.args(), Object.assign(serverArgs, { environment: stub.url }));
    await runner.synchronize();
    expect(runner.result.error).to.include({ code: "imodelhub/denied", phase: "open" });
    expect(stub.requests.map(({ path }) => path)).to.deep.equal(Array(2).fill(`/imodels/${iModelId}`));
  });
});
