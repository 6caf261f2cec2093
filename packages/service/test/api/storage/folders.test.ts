import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { toLongId } from "../../../src/platform/ids.js";
import type { FolderModel } from "../../../src/api/storage/itemSchemas.js";
import { TestService } from "../../TestService.js";
import { StorageClient, type ErrorBody, type ItemsBody } from "./StorageClient.js";

describe("folders of the storage", () => {
  let test: TestService;
  let client: StorageClient;
  let root: string;
  let place: string;

  before(async () => {
    test = await TestService.start();
    client = new StorageClient(test);
    root = await client.rootId();
  });
  beforeEach(async () => void (place = (await client.createFolder(root, randomUUID())).id));
  after(() => test.close());

  const list = (path: string) => test.request<ItemsBody>("GET", path);
  const names = ({ body }: { body: ItemsBody }) => body.items.map(({ displayName }) => displayName);

  it("lists an empty iTwin as the workflow of the platform shows it", async () => {
    const other = await TestService.start({ publicUrl: "https://api.bentley.com" });
    const iTwinId = "c36c0051-0590-4282-be2f-ed3e8520ad01";
    await other.addITwin(iTwinId);
    const answer = await other.request("GET", `/storage/?iTwinId=${iTwinId}`);
    await other.close();
    const url = `https://api.bentley.com/storage?iTwinId=${iTwinId}`;
    expect(answer.status).to.equal(200);
    expect(answer.headers.get("content-type")).to.equal("application/json; charset=utf-8");
    expect(answer.body).to.deep.equal({
      items: [],
      _links: {
        self: { href: `${url}&$top=100&$skip=0` },
        prev: { href: `${url}&$top=100&$skip=0` },
        next: { href: `${url}&$top=100&$skip=100` },
        folder: { href: "https://api.bentley.com/storage/folders/UQBsw5AFgkK-L-0-hSCtAVEAbMOQBYJCvi_tPoUgrQE" },
      },
    });
  });

  it("lists the top level by projectId too, and with the paging percent-encoded", async () => {
    const { status, body } = await list(`/storage/?projectId=${test.iTwinId}&%24top=1&%24skip=0`);
    expect(status).to.equal(200);
    expect(body.items).to.have.length(1);
    expect(body._links.self.href).to.equal(`${test.url}/storage?iTwinId=${test.iTwinId}&$top=1&$skip=0`);
  });

  it("asks for an iTwin that is one", async () => {
    const missing = await test.request<ErrorBody>("GET", "/storage");
    expect(missing.status).to.equal(422);
    expect(missing.body.error.details).to.deep.equal([
      {
        code: "MissingRequiredParameter",
        message: "Required parameter iTwinId is missing.",
        target: "iTwinId",
      },
    ]);
    const bad = await test.request<ErrorBody>("GET", "/storage?iTwinId=x");
    expect([bad.status, bad.body.error.details?.[0]?.target]).to.deep.equal([422, "iTwinId"]);
    const unknown = await test.request<ErrorBody>("GET", `/storage?iTwinId=${randomUUID()}`);
    expect([unknown.status, unknown.body.error.code]).to.deep.equal([404, "iTwinNotFound"]);
    expect((await test.request("GET", `/storage?iTwinId=${test.iTwinId}&$top=0`)).status).to.equal(422);
  });

  it("creates a folder, and shows it in full", async () => {
    const created = await test.request<{ folder: FolderModel }>("POST", `/storage/folders/${place}/folders`, {
      displayName: "drawings",
      description: "All of them",
    });
    expect(created.status).to.equal(201);
    const { folder } = created.body;
    const member = { href: `${test.url}/accesscontrol/itwins/${test.iTwinId}/members/tester` };
    const above = (await test.request<{ folder: FolderModel }>("GET", `/storage/folders/${place}`)).body.folder;
    expect(folder).to.deep.equal({
      type: "folder",
      id: folder.id,
      displayName: "drawings",
      description: "All of them",
      path: `${above.displayName}/drawings`,
      lastModifiedByDisplayName: "tester",
      createdDateTime: folder.createdDateTime,
      lastModifiedDateTime: folder.createdDateTime,
      parentFolderId: place,
      _links: {
        createdBy: member,
        lastModifiedBy: member,
        parentFolder: { href: `${test.url}/storage/folders/${place}` },
      },
    });
    expect(folder.id).to.match(/^[\w-]{43}$/);
    expect(folder.createdDateTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await test.request("GET", `/storage/folders/${folder.id}`)).body).to.deep.equal({ folder });
  });

  it("shows the root folder", async () => {
    const { status, body } = await test.request<{ folder: FolderModel }>("GET", `/storage/folders/${root}`);
    expect(status).to.equal(200);
    expect([body.folder.id, body.folder.displayName, body.folder.path]).to.deep.equal([root, "Test", ""]);
    expect(body.folder).to.not.have.property("parentFolderId");
  });

  it("keeps spaces at the start of a name, and a name that is there already", async () => {
    const first = await client.createFolder(place, " AccreditationAppFiles");
    const second = await client.createFolder(place, " AccreditationAppFiles");
    expect(first.id).to.not.equal(second.id);
    expect(await client.names(place)).to.deep.equal([" AccreditationAppFiles", " AccreditationAppFiles"]);
  });

  it("lists folders before files, then in the order of creation, in pages that fit together", async () => {
    await client.createFile(place, "1.dgn");
    await client.createFolder(place, "2");
    await client.createFile(place, "0.dgn");
    await client.createFolder(place, "1");
    const path = `/storage/folders/${place}/list`;
    expect(await client.names(place)).to.deep.equal(["2", "1", "1.dgn", "0.dgn"]);
    expect(names(await list(`${path}?$top=1&$skip=2`))).to.deep.equal(["1.dgn"]);
    const { body } = await list(`${path}?$top=1&$skip=3`);
    expect(names({ body })).to.deep.equal(["0.dgn"]);
    expect(body._links).to.deep.equal({
      self: { href: `${test.url}${path}?$top=1&$skip=3` },
      prev: { href: `${test.url}${path}?$top=1&$skip=2` },
      next: { href: `${test.url}${path}?$top=1&$skip=4` },
    });
  });

  it("lists files and folders by themselves", async () => {
    const file = await client.createFile(place, "1.dgn");
    const folder = await client.createFolder(place, "2");
    const files = await test.request<{ files: unknown[] }>("GET", `/storage/folders/${place}/files`);
    const folders = await test.request<{ folders: unknown[] }>("GET", `/storage/folders/${place}/folders`);
    expect(files.body.files).to.deep.equal([file]);
    expect(folders.body.folders).to.deep.equal([folder]);
    expect(folders.body).to.have.nested.property("_links.next.href").that.includes("/folders?$top=100&$skip=100");
  });

  it("searches a folder and all below it, with wildcards and whatever the case", async () => {
    const below = await client.createFolder(place, "Tower_1");
    await client.createFile(below.id, "tower.dgn");
    await client.createFile(place, "Tower.IFC");
    const found = async (name: string) =>
      names(await list(`/storage/folders/${place}/search?name=${encodeURIComponent(name)}`));
    expect(await found("tower*")).to.deep.equal(["Tower_1", "tower.dgn", "Tower.IFC"]);
    expect(await found("tower.???")).to.deep.equal(["tower.dgn", "Tower.IFC"]);
    expect(await found("tower.dgn")).to.deep.equal(["tower.dgn"]);
    expect(await found("tower_dgn")).to.deep.equal([]);
    expect(await found("tower%")).to.deep.equal([]);
    const { body } = await list(`/storage/folders/${place}/search?name=*.dgn`);
    expect(body.items[0]!.path.split("/").slice(1)).to.deep.equal(["Tower_1", "tower.dgn"]);
    expect((await test.request("GET", `/storage/folders/${place}/search`)).status).to.equal(422);
    expect((await test.request("GET", `/storage/folders/${place}/search?name=%00`)).status).to.equal(422);
  });

  it("changes what is given of a folder", async () => {
    const renamed = await test.request<{ folder: FolderModel }>("PATCH", `/storage/folders/${place}`, {
      displayName: "renamed",
    });
    expect([renamed.status, renamed.body.folder.displayName]).to.deep.equal([200, "renamed"]);
    const { body } = await test.request<{ folder: FolderModel }>("PATCH", `/storage/folders/${place}`, {
      description: "why",
    });
    expect([body.folder.displayName, body.folder.description]).to.deep.equal(["renamed", "why"]);
  });

  it("moves a folder with all that is in it", async () => {
    const [one, two] = [await client.createFolder(place, "one"), await client.createFolder(place, "two")];
    const below = await client.createFolder(one.id, "below");
    const move = (id: string, parentFolderId: string) =>
      test.request<{ folder: FolderModel } & ErrorBody>("POST", `/storage/folders/${id}/move`, { parentFolderId });
    const moved = await move(one.id, two.id);
    expect([moved.status, moved.body.folder.parentFolderId]).to.deep.equal([200, two.id]);
    const { body } = await test.request<{ folder: FolderModel }>("GET", `/storage/folders/${below.id}`);
    expect(body.folder.path).to.match(/\/two\/one\/below$/);
    for (const target of [below.id, one.id, "x", toLongId(test.iTwinId, randomUUID())]) {
      const refused = await move(one.id, target);
      expect([refused.status, refused.body.error.details?.[0]?.target]).to.deep.equal([422, "parentFolderId"]);
    }
  });

  it("leaves the root folder as it is", async () => {
    expect((await test.request("PATCH", `/storage/folders/${root}`, { displayName: "x" })).status).to.equal(422);
    expect((await test.request("DELETE", `/storage/folders/${root}`)).status).to.equal(422);
    expect((await test.request("POST", `/storage/folders/${root}/move`, { parentFolderId: place })).status).to.equal(
      422,
    );
  });

  for (const name of ["", ".", "..", "a/b", "a\\b", "a:b", "a\u0000b", "a\nb", "x".repeat(256)])
    it(`refuses the name ${JSON.stringify(name.slice(0, 10))}`, async () => {
      const { status, body } = await test.request<ErrorBody>("POST", `/storage/folders/${place}/folders`, {
        displayName: name,
      });
      expect([status, body.error.code]).to.deep.equal([422, "InvalidCreateFolderRequest"]);
      expect(body.error.details?.[0]).to.include({ code: "InvalidValue", target: "displayName" });
    });

  it("takes names of 255 characters in any script, and refuses what has no name", async () => {
    expect(await client.createFolder(place, "図".repeat(255))).to.have.property("displayName", "図".repeat(255));
    const none = await test.request<ErrorBody>("POST", `/storage/folders/${place}/folders`, {});
    expect(none.body.error.details?.[0]?.code).to.equal("MissingRequiredProperty");
    const path = `/storage/folders/${place}/folders`;
    expect((await test.request<ErrorBody>("POST", path)).body.error.details?.[0]?.code).to.equal("MissingRequestBody");
    const zero = await test.request("POST", path, { displayName: "x", description: "\u0000" });
    expect(zero.status).to.equal(422);
  });

  it("knows no folder of an id that is unknown, malformed, or a file's", async () => {
    const file = await client.createFile(place, "file");
    for (const id of ["non-existent-folder-id", toLongId(test.iTwinId, randomUUID()), file.id]) {
      const { status, body } = await test.request<ErrorBody>("GET", `/storage/folders/${id}`);
      expect([status, body]).to.deep.equal([
        404,
        { error: { code: "FolderNotFound", message: "Requested folder is not available." } },
      ]);
    }
  });

  it("is closed to who is no member of the iTwin", async () => {
    const headers = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
    const file = await client.createFile(place, "file");
    const paths = [`/storage?iTwinId=${test.iTwinId}`, `/storage/recycleBin?iTwinId=${test.iTwinId}`];
    paths.push(
      ...["", "/list", "/files", "/folders", "/search?name=*"].map((rest) => `/storage/folders/${place}${rest}`),
    );
    paths.push(...["", "/download"].map((rest) => `/storage/files/${file.id}${rest}`));
    for (const path of paths) {
      const { status, body } = await test.request<ErrorBody>("GET", path, undefined, headers);
      expect([path, status, body.error.code]).to.deep.equal([path, 403, "InsufficientPermissions"]);
    }
    const changes = [
      ["POST", `folders/${place}/folders`],
      ["POST", `folders/${place}/files`],
      ["POST", `folders/${place}/move`],
      ["PATCH", `folders/${place}`],
      ["DELETE", `folders/${place}`],
      ["PATCH", `files/${file.id}`],
      ["DELETE", `files/${file.id}`],
      ["POST", `files/${file.id}/updatecontent`],
      ["POST", `files/${file.id}/complete`],
      ["POST", `recyclebin/files/${file.id}/restore`],
      ["DELETE", `recyclebin/folders/${place}`],
    ] as const;
    for (const [method, path] of changes)
      expect([path, (await test.request(method, `/storage/${path}`, {}, headers)).status]).to.deep.equal([path, 403]);
  });

  it("asks for a scope that suffices", async () => {
    const reader = { authorization: `Bearer ${await test.tokenOf("tester", ["storage:read"])}` };
    expect((await test.request("GET", `/storage/folders/${place}`, undefined, reader)).status).to.equal(200);
    expect((await test.request("DELETE", `/storage/folders/${place}`, undefined, reader)).status).to.equal(401);
  });
});
