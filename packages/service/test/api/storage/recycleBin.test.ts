import { expect } from "chai";
import { fromLongId } from "../../../src/platform/ids.js";
import { StorageFiles } from "../../../src/api/storage/StorageFiles.js";
import { TestService } from "../../TestService.js";
import { StorageClient, upload, type ErrorBody, type ItemsBody } from "./StorageClient.js";

const day = 24 * 3600 * 1000;

describe("the recycle bin of the storage", () => {
  let test: TestService;
  let client: StorageClient;
  let root: string;
  let folder: string;

  before(async () => {
    test = await TestService.start();
    client = new StorageClient(test);
    root = await client.rootId();
  });
  beforeEach(async () => void (folder = (await client.createFolder(root, "place")).id));
  after(() => test.close());

  const status = async (method: string, path: string) => (await test.request(method, `/storage/${path}`)).status;
  const bin = async () => {
    const { body } = await test.request<ItemsBody>("GET", `/storage/recycleBin?projectId=${test.iTwinId}`);
    return body;
  };
  const binned = async () => (await bin()).items.map(({ id }) => id);
  const contentKey = async (id: string) =>
    (await new StorageFiles(test.service.context).items.find(fromLongId(id)!.itemId))!.content_key!;

  it("takes a file, which then is not there", async () => {
    const file = await client.createFile(folder, "x.dgn");
    const deleted = await test.request("DELETE", `/storage/files/${file.id}`);
    expect([deleted.status, deleted.body, deleted.headers.get("content-type")]).to.deep.equal([204, undefined, null]);
    expect(await client.names(folder)).to.deep.equal([]);
    const { status: code, body } = await test.request<ErrorBody>("GET", `/storage/files/${file.id}`);
    expect([code, body.error.code]).to.deep.equal([404, "FileNotFound"]);
    expect(await status("DELETE", `files/${file.id}`)).to.equal(404);
    const { items, _links } = await bin();
    expect(items.at(-1)).to.deep.equal(file);
    expect(_links.self.href).to.equal(`${test.url}/storage/recyclebin?iTwinId=${test.iTwinId}&$top=100&$skip=0`);
    expect(await status("POST", `recyclebin/files/${file.id}/restore`)).to.equal(204);
    expect(await client.names(folder)).to.deep.equal(["x.dgn"]);
    expect(await (await client.download(file.id)).text()).to.equal("content");
  });

  it("takes a folder with all below it, and brings exactly that back", async () => {
    const below = (await client.createFolder(folder, "below")).id;
    const early = await client.createFile(below, "early.dgn");
    const late = await client.createFile(below, "late.dgn");
    expect(await status("DELETE", `files/${early.id}`)).to.equal(204);
    expect(await status("DELETE", `folders/${folder}`)).to.equal(204);
    for (const path of [`folders/${folder}`, `folders/${below}/list`, `files/${late.id}`])
      expect(await status("GET", path)).to.equal(404);
    expect(await status("POST", `folders/${below}/files`)).to.equal(404);
    expect(await binned())
      .to.include.members([folder, early.id])
      .and.not.include.members([below, late.id]);
    expect(await status("POST", `recyclebin/files/${late.id}/restore`)).to.equal(404);
    expect(await status("POST", `recyclebin/files/${folder}/restore`)).to.equal(404);
    expect(await status("POST", `recyclebin/folders/${folder}/restore`)).to.equal(204);
    expect(await client.names(below)).to.deep.equal(["late.dgn"]);
    expect(await binned()).to.include(early.id);
  });

  it("brings a file back into the root folder when its own is in the bin", async () => {
    const file = await client.createFile(folder, "homeless.dgn");
    await status("DELETE", `files/${file.id}`);
    await status("DELETE", `folders/${folder}`);
    expect(await status("POST", `recyclebin/files/${file.id}/restore`)).to.equal(204);
    const { body } = await test.request<{ file: { parentFolderId: string } }>("GET", `/storage/files/${file.id}`);
    expect(body.file.parentFolderId).to.equal(root);
  });

  it("removes for good, with the content", async () => {
    const { blobs } = test.service.context;
    const file = await client.createFile(folder, "x.dgn");
    const early = await client.createFile(folder, "early.dgn");
    const { uploadUrl } = await client.beginUpdate(file.id);
    const keys = [await contentKey(file.id), await contentKey(early.id)];
    await status("DELETE", `files/${early.id}`);
    await status("DELETE", `folders/${folder}`);
    expect(await status("DELETE", `recyclebin/folders/${folder}`)).to.equal(204);
    expect(await status("DELETE", `recyclebin/folders/${folder}`)).to.equal(404);
    expect(await binned()).to.not.include.members([folder, early.id]);
    for (const key of keys) expect(await blobs.stat(key)).to.be.undefined;
    expect((await upload(uploadUrl, "too late")).status).to.equal(404);
  });

  it("is emptied of what has been in it for 30 days", async () => {
    const storage = new StorageFiles(test.service.context);
    const file = await client.createFile(folder, "x.dgn");
    const key = await contentKey(file.id);
    await status("DELETE", `files/${file.id}`);
    await storage.purgeExpired(new Date(Date.now() + 29 * day));
    expect(await binned()).to.include(file.id);
    await storage.purgeExpired(new Date(Date.now() + 31 * day));
    expect(await binned()).to.deep.equal([]);
    expect(await test.service.context.blobs.stat(key)).to.be.undefined;
  });

  it("goes with what is left of uploads that never came", async () => {
    const { blobs, db } = test.service.context;
    const { uploadUrl } = await client.beginFile(folder, "x.dgn");
    const key = new URL(uploadUrl).pathname.slice("/blobs/".length);
    await fetch(`${uploadUrl}&comp=block&blockid=AAAA`, { method: "PUT", body: "block" });
    const left = () => db.selectFrom("storage_uploads").select("key").where("key", "=", key).executeTakeFirst();
    const itemId = key.split("/")[1]!;
    const item = () => db.selectFrom("storage_items").select("id").where("id", "=", itemId).executeTakeFirst();
    const storage = new StorageFiles(test.service.context);
    await storage.purgeExpired();
    expect(await left()).to.not.be.undefined;
    expect(await item()).to.not.be.undefined;
    await storage.purgeExpired(new Date(Date.now() + 2 * day));
    expect(await left()).to.be.undefined;
    expect(await item(), "the file that never was").to.be.undefined;
    expect(await blobs.stat(`blocks/${key}/000000`)).to.be.undefined;
  });
});
