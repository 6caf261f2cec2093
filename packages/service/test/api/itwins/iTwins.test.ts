import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { TestService } from "../../TestService.js";

interface ITwinBody {
  id: string;
  displayName: string;
  class: string;
  number: string | null;
  createdBy: string;
  createdDateTime: string;
  status?: string;
}
interface One {
  iTwin: ITwinBody;
}
interface Many {
  iTwins: ITwinBody[];
  _links: { self: { href: string }; prev?: { href: string }; next?: { href: string } };
}
interface Failure {
  error: { code: string; message: string; details?: { code: string; target?: string }[] };
}

describe("iTwins", () => {
  let service: TestService;
  let stranger: Record<string, string>;

  before(async () => {
    service = await TestService.start();
    stranger = { authorization: `Bearer ${await service.tokenOf("stranger")}` };
  });
  after(() => service.close());

  const project = { class: "Endeavor", subClass: "Project" };
  const create = async (displayName: string, more = {}) =>
    (await service.request<One>("POST", "/itwins/", { ...project, displayName, ...more })).body.iTwin;

  it("are created with their creator as a member", async () => {
    const answer = await service.request<One>("POST", "/itwins", { ...project, displayName: "Bridge", number: "B-7" });
    expect(answer.status).to.equal(201);
    const { iTwin } = answer.body;
    expect(iTwin).to.include({
      ...project,
      displayName: "Bridge",
      number: "B-7",
      status: "Active",
      createdBy: "tester",
    });
    expect(iTwin.createdDateTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const found = await service.request<One>("GET", `/iTwins/${iTwin.id}/`);
    expect(found.body).to.deep.equal(answer.body);
    expect((await service.request("GET", `/itwins/${iTwin.id}`, undefined, stranger)).status).to.equal(403);
  });

  it("are listed for their members only, in pages", async () => {
    const member = { authorization: `Bearer ${await service.tokenOf("member")}` };
    for (const displayName of ["One", "Two", "Three"])
      await service.request("POST", "/itwins", { ...project, displayName }, member);
    const names: string[] = [];
    let page = await service.request<Many>("GET", "/itwins?%24top=2", undefined, member);
    expect(page.body._links).to.not.have.property("prev");
    for (;;) {
      names.push(...page.body.iTwins.map(({ displayName }) => displayName));
      const { next } = page.body._links;
      if (next === undefined) break;
      page = await service.request<Many>("GET", next.href, undefined, member);
    }
    expect(names).to.deep.equal(["One", "Two", "Three"]);
    expect((await service.request<Many>("GET", "/itwins", undefined, stranger)).body.iTwins).to.deep.equal([]);
  });

  it("are found by their name, or a part of it", async () => {
    await create("50% off_road");
    const find = async (query: string) =>
      (await service.request<Many>("GET", `/itwins?${query}`)).body.iTwins.map(({ displayName }) => displayName);
    expect(await find("displayName=50%25 off_road")).to.deep.equal(["50% off_road"]);
    expect(await find("$search=OFF_R")).to.deep.equal(["50% off_road"]);
    expect(await find("$search=f_o")).to.deep.equal([]);
  });

  it("are filtered by all that can be asked for", async () => {
    const props = { number: "F-1", type: "Bridge", status: "Inactive", subClass: "Asset", class: "Thing" };
    const { id } = await create("Filtered", props);
    const find = async (query: string) =>
      (await service.request<Many>("GET", `/itwins?${query}`)).body.iTwins.map((iTwin) => iTwin.id);
    for (const query of ["number=F-1", "type=Bridge", "status=Inactive", "subClass=Asset", "$search=f-1"])
      expect(await find(query), query).to.deep.equal([id]);
    expect(await find("number=F-1&status=Active")).to.deep.equal([]);
    expect(await find("number=F-1&includeInactive=false")).to.deep.equal([]);
    expect(await find(`parentId=${randomUUID()}`)).to.deep.equal([]);
    expect(await find(`iTwinAccountId=${randomUUID()}`)).to.deep.equal([]);
    expect((await service.request("GET", "/itwins?status=Lost")).status).to.equal(422);
  });

  it("are listed in short, unless more is preferred", async () => {
    const { id } = await create("Preferred");
    const list = (headers = {}) =>
      service.request<Many>("GET", "/itwins?displayName=Preferred", undefined, {
        "x-itwin-query-scope": "all",
        ...headers,
      });
    expect((await list()).body.iTwins).to.deep.equal([
      { id, ...project, type: null, number: null, displayName: "Preferred" },
    ]);
    const [full] = (await list({ prefer: "return=representation" })).body.iTwins;
    expect(full).to.deep.include({ id, status: "Active", createdBy: "tester" });
  });

  it("are changed", async () => {
    const { id } = await create("Before", { number: "1" });
    const changed = await service.request<One>("PATCH", `/itwins/${id}`, { displayName: "After" });
    expect(changed.status).to.equal(200);
    expect(changed.body.iTwin).to.include({ id, displayName: "After", number: "1" });
    expect((await service.request("PATCH", `/itwins/${id}`, { displayName: "X" }, stranger)).status).to.equal(403);
  });

  it("are deleted, unless they have iModels", async () => {
    const { id } = await create("Short-lived");
    const { body } = await service.request<{ iModel: { id: string } }>("POST", "/imodels", { iTwinId: id, name: "M" });
    const refused = await service.request<Failure>("DELETE", `/itwins/${id}`);
    expect([refused.status, refused.body.error.code]).to.deep.equal([409, "iTwinNotEmpty"]);
    await service.request("DELETE", `/imodels/${body.iModel.id}`);
    const deleted = await service.request("DELETE", `/itwins/${id}`);
    expect([deleted.status, deleted.body, deleted.headers.get("content-type")]).to.deep.equal([204, undefined, null]);
    const gone = await service.request<Failure>("GET", `/itwins/${id}`);
    expect([gone.status, gone.body.error.code]).to.deep.equal([404, "iTwinNotFound"]);
  });

  it("are refused where the request makes no sense", async () => {
    const refusal = async (method: string, path: string, body?: unknown) => {
      const answer = await service.request<Failure>(method, path, body);
      return [answer.status, answer.body.error.code, answer.body.error.details?.map(({ target }) => target)];
    };
    const code = "InvalidiTwinsRequest";
    expect(await refusal("POST", "/itwins", { displayName: "N" })).to.deep.equal([422, code, ["class", "subClass"]]);
    expect(await refusal("POST", "/itwins", { ...project, displayName: "" })).to.deep.equal([
      422,
      code,
      ["displayName"],
    ]);
    const parent = { ...project, displayName: "N", parentId: "x" };
    expect(await refusal("POST", "/itwins", parent)).to.deep.equal([422, code, ["parentId"]]);
    expect(await refusal("GET", "/itwins/x")).to.deep.equal([422, code, ["iTwinId"]]);
    expect(await refusal("GET", "/itwins?$top=0")).to.deep.equal([422, code, ["$top"]]);
    expect(await refusal("PATCH", `/itwins/${service.iTwinId}`, {})).to.deep.equal([422, code, ["body"]]);
    expect((await refusal("GET", `/itwins/${randomUUID()}`)).slice(0, 2)).to.deep.equal([404, "iTwinNotFound"]);
  });

  it("tell who one is", async () => {
    const { body } = await service.request<{ user: object }>("GET", "/users/me");
    expect(body.user).to.include({ id: "tester", displayName: "tester" });
  });
});
