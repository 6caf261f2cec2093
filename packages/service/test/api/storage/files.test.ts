import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { fromLongId, toLongId } from "../../../src/platform/ids.js";
import type { FileModel } from "../../../src/api/storage/itemSchemas.js";
import { StorageFiles } from "../../../src/api/storage/StorageFiles.js";
import { TestService } from "../../TestService.js";
import { StorageClient, upload, type ErrorBody, type UploadBody } from "./StorageClient.js";

describe("files of the storage", () => {
  let test: TestService;
  let client: StorageClient;
  let storage: StorageFiles;
  let folder: string;

  before(async () => {
    test = await TestService.start();
    client = new StorageClient(test);
    storage = new StorageFiles(test.service.context);
  });
  beforeEach(async () => void (folder = (await client.createFolder(await client.rootId(), "place")).id));
  after(() => test.close());

  const get = (id: string) => test.request<{ file: FileModel }>("GET", `/storage/files/${id}`);
  const itemId = (longId: string) => fromLongId(longId)!.itemId;
  const stat = async (id: string) => {
    const item = await storage.items.find(itemId(id));
    return test.service.context.blobs.stat(item!.content_key!);
  };

  it("creates a file in three steps", async () => {
    const path = `/storage/folders/${folder}/files`;
    const begun = await test.request<UploadBody>("POST", path, { displayName: "plant.ifc", description: "The plant" });
    expect(begun.status).to.equal(202);
    expect(Object.keys(begun.body)).to.deep.equal(["_links"]);
    expect(Object.keys(begun.body._links)).to.deep.equal(["uploadUrl", "completeUrl"]);
    const completeUrl = begun.body._links.completeUrl.href;
    const id = completeUrl.split("/")[5]!;
    expect(completeUrl).to.equal(`${test.url}/storage/files/${id}/complete`);
    expect(await client.names(folder)).to.deep.equal([]);

    const sent = await upload(begun.body._links.uploadUrl.href, "IFC data");
    expect([sent.status, await sent.text(), sent.headers.get("content-type")]).to.deep.equal([201, "", null]);
    expect(sent.headers.get("etag")).to.match(/^".+"$/);

    const completed = await test.request<{ file: FileModel }>("POST", completeUrl);
    expect(completed.status).to.equal(200);
    const { file } = completed.body;
    const member = { href: `${test.url}/accesscontrol/itwins/${test.iTwinId}/members/tester` };
    expect(file).to.deep.equal({
      type: "file",
      id,
      displayName: "plant.ifc",
      description: "The plant",
      path: "place/plant.ifc",
      size: 8,
      lastModifiedByDisplayName: "tester",
      createdDateTime: file.createdDateTime,
      lastModifiedDateTime: file.lastModifiedDateTime,
      parentFolderId: folder,
      _links: {
        createdBy: member,
        lastModifiedBy: member,
        parentFolder: { href: `${test.url}/storage/folders/${folder}` },
      },
    });
    expect(file.lastModifiedDateTime >= file.createdDateTime).to.be.true;
    expect((await get(id)).body).to.deep.equal({ file });
    expect(await client.names(folder)).to.deep.equal(["plant.ifc"]);
  });

  it("does not complete what was not uploaded", async () => {
    const { id } = await client.beginFile(folder, "x.dgn");
    const answer = await test.request<ErrorBody>("POST", `/storage/files/${id}/complete`);
    expect([answer.status, answer.body.error.details?.[0]?.code]).to.deep.equal([422, "FileNotUploaded"]);
    expect((await test.request("GET", `/storage/files/${id}/download`)).status).to.equal(404);
    expect(await storage.openContent(itemId(id)).catch((error: unknown) => error)).to.include({
      code: "service/file-missing",
    });
  });

  it("takes new content at once, also when nobody completes it", async () => {
    const file = await client.createFile(folder, "x.dgn", "old");
    const before = (await storage.items.find(itemId(file.id)))!.content_key!;
    const { uploadUrl } = await client.beginUpdate(file.id);
    expect(await (await client.download(file.id)).text()).to.equal("old");
    await upload(uploadUrl, "newer");
    const changed = (await get(file.id)).body.file;
    expect([changed.size, changed.lastModifiedDateTime > file.lastModifiedDateTime]).to.deep.equal([5, true]);
    expect(await (await client.download(file.id)).text()).to.equal("newer");
    expect(await test.service.context.blobs.stat(before)).to.be.undefined;
    expect((await client.complete(file.id)).body.file).to.deep.equal(changed);
    expect((await client.complete(file.id)).status).to.equal(200);
  });

  it("finds what has arrived past the service", async () => {
    const { blobs } = test.service.context;
    const begin = async (content: string) => {
      const { id, uploadUrl } = await client.beginFile(folder, content);
      await blobs.put(new URL(uploadUrl).pathname.slice("/blobs/".length), Readable.from([content]));
      return id;
    };
    await begin("listed");
    expect(await client.names(folder)).to.deep.equal(["listed"]);
    expect((await get(await begin("read"))).body.file.size).to.equal(4);
    expect((await client.complete(await begin("completed"))).status).to.equal(200);
    expect(await (await client.download(await begin("downloaded"))).text()).to.equal("downloaded");
    expect(await text((await storage.openContent(itemId(await begin("opened")))).content)).to.equal("opened");
    await begin("found");
    const found = await test.request<{ items: unknown[] }>("GET", `/storage/folders/${folder}/search?name=found`);
    expect(found.body.items).to.have.length(1);
  });

  it("keeps the last of several uploads past the service, and loses none before", async () => {
    const { blobs } = test.service.context;
    const file = await client.createFile(folder, "x.dgn", "first");
    const keys = [await client.beginUpdate(file.id), await client.beginUpdate(file.id)].map(({ uploadUrl }) =>
      new URL(uploadUrl).pathname.slice("/blobs/".length),
    );
    await blobs.put(keys[1]!, Readable.from(["of the second"]));
    expect((await get(file.id)).body.file.size).to.equal(13);
    await blobs.put(keys[0]!, Readable.from(["of the first"]));
    expect((await get(file.id)).body.file.size).to.equal(12);
    expect(await blobs.stat(keys[1]!)).to.be.undefined;
  });

  it("lets the last of several uploads at once win, whole", async () => {
    const file = await client.createFile(folder, "x.dgn");
    const begun = await Promise.all(Array.from({ length: 6 }, () => client.beginUpdate(file.id)));
    const contents = begun.map((_, index) => String(index).repeat(100_000 + index));
    await Promise.all(begun.map(({ uploadUrl }, index) => upload(uploadUrl, contents[index]!)));
    const content = await (await client.download(file.id)).text();
    expect(contents.includes(content)).to.be.true;
    expect((await get(file.id)).body.file.size).to.equal(content.length);
    expect(await stat(file.id)).to.include({ size: content.length });
  });

  it("opens a file that is replaced meanwhile", async () => {
    const { blobs } = test.service.context;
    const file = await client.createFile(folder, "x.dgn", "old");
    const key = (await storage.items.find(itemId(file.id)))!.content_key!;
    const racing = Object.create(blobs, {
      get: {
        value: async (asked: string) => {
          if (asked === key) await upload((await client.beginUpdate(file.id)).uploadUrl, "replaced");
          return blobs.get(asked);
        },
      },
    }) as typeof blobs;
    const opened = await new StorageFiles({ ...test.service.context, blobs: racing }).openContent(itemId(file.id));
    expect(await text(opened.content)).to.equal("replaced");
    expect(opened).to.include({ fileName: "x.dgn", path: "place/x.dgn", size: 8 });
  });

  it("sends who downloads to the content, under the name of the file", async () => {
    const file = await client.createFile(folder, "Anlage 図 (1).dgn", "0123456789");
    const answer = await test.request("GET", `/storage/files/${file.id}/download`);
    expect([answer.status, answer.body, answer.headers.get("content-type")]).to.deep.equal([302, undefined, null]);
    const response = await fetch(answer.headers.get("location")!);
    expect(response.status).to.equal(200);
    expect(await response.text()).to.equal("0123456789");
    expect(response.headers.get("content-length")).to.equal("10");
    expect(response.headers.get("content-disposition")).to.equal(
      "attachment; filename=\"Anlage _ (1).dgn\"; filename*=UTF-8''Anlage%20%E5%9B%B3%20%281%29.dgn",
    );
  });

  it("keeps two files of the same name", async () => {
    const [one, two] = [
      await client.createFile(folder, "HouseModel.dgn", "1"),
      await client.createFile(folder, "HouseModel.dgn", "2"),
    ];
    expect(one.id).to.not.equal(two.id);
    expect(await (await client.download(one.id)).text()).to.equal("1");
    expect(await (await client.download(two.id)).text()).to.equal("2");
  });

  it("takes a file of no bytes", async () => {
    const file = await client.createFile(folder, "empty", "");
    expect(file.size).to.equal(0);
    const response = await client.download(file.id);
    expect([response.status, await response.text()]).to.deep.equal([200, ""]);
  });

  it("changes what is given of a file", async () => {
    const file = await client.createFile(folder, "x.dgn");
    const { status, body } = await test.request<{ file: FileModel }>("PATCH", `/storage/files/${file.id}`, {
      displayName: " y.dgn",
      description: "new",
    });
    expect([status, body.file.displayName, body.file.description, body.file.size]).to.deep.equal([
      200,
      " y.dgn",
      "new",
      7,
    ]);
  });

  for (const name of ["setup.exe", "SETUP.EXE", "a.b.ps1", "x.js", "x.exe. ", "x.msi"])
    it(`refuses the executable ${name}`, async () => {
      const { status, body } = await test.request<ErrorBody>("POST", `/storage/folders/${folder}/files`, {
        displayName: name,
      });
      expect([status, body.error.code]).to.deep.equal([422, "InvalidCreateFileRequest"]);
      expect(body.error.details?.[0]?.target).to.equal("displayName");
      const file = await client.createFile(folder, "x.json");
      const renamed = await test.request("PATCH", `/storage/files/${file.id}`, { displayName: name });
      expect(renamed.status).to.equal(422);
    });

  it("knows no file of an id that is unknown, malformed, a folder's, or in another iTwin", async () => {
    const other = randomUUID();
    await test.addITwin(other);
    const file = await client.createFile(folder, "x.dgn");
    const ids = [
      "non-existent-file-id",
      toLongId(test.iTwinId, randomUUID()),
      folder,
      toLongId(other, itemId(file.id)),
    ];
    for (const id of ids) {
      const { status, body } = await test.request<ErrorBody>("GET", `/storage/files/${id}`);
      expect([status, body]).to.deep.equal([
        404,
        { error: { code: "FileNotFound", message: "Requested file is not available." } },
      ]);
    }
  });
});
