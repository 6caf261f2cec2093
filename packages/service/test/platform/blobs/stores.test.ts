import { randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { BlockBlobClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { BlobStore } from "../../../src/platform/blobs/BlobStore.js";
import { StorageClient, upload } from "../../api/storage/StorageClient.js";
import { TestService } from "../../TestService.js";
import { startAzurite, startS3, useFolder, type StoreServer } from "./storeServers.js";

const megabyte = 1024 ** 2;

for (const [name, start] of Object.entries({ folder: useFolder, azure: startAzurite, s3: startS3 }))
  describe(`blobs in a store of the kind ${name}`, () => {
    let server: StoreServer;
    let test: TestService;
    let blobs: BlobStore;
    let key: string;

    before(async () => {
      server = await start();
      test = await TestService.start({ storage: server.storage });
      blobs = test.service.context.blobs;
    });
    beforeEach(() => void (key = `files/${randomUUID()}/${randomUUID()}`));
    after(async () => {
      await test.close();
      await server.close();
    });

    const put = (content: string | Buffer) => blobs.put(key, Readable.from([content], { objectMode: false }));

    it("writes, reads and removes a blob", async () => {
      expect(await blobs.stat(key)).to.be.undefined;
      const before = Date.now();
      const status = await put("content");
      expect(status.size).to.equal(7);
      expect(status.modifiedAt.getTime()).to.be.within(before - 1000, Date.now() + 1000);
      expect(await blobs.stat(key)).to.deep.equal(status);
      expect(await text(await blobs.get(key))).to.equal("content");
      await blobs.delete(key);
      expect(await blobs.stat(key)).to.be.undefined;
      await blobs.delete(key);
    });

    it("says which blob is missing", async () => {
      const error: unknown = await blobs.get(key).catch((error: unknown) => error);
      expect(error).to.include({ code: "service/blob-missing" }).and.have.property("message").that.includes(key);
    });

    it("reads a part of a blob", async () => {
      await put("0123456789");
      expect(await text(await blobs.get(key, { start: 3, end: 5 }))).to.equal("345");
      expect(await text(await blobs.get(key, { start: 9, end: 9 }))).to.equal("9");
    });

    it("writes a blob of no bytes", async () => {
      expect((await put("")).size).to.equal(0);
      expect(await text(await blobs.get(key))).to.equal("");
    });

    it("writes a blob of many parts as it is", async () => {
      const content = randomBytes(21 * megabyte + 7);
      const status = await blobs.put(key, Readable.from(chunksOf(content), { objectMode: false }));
      expect(status.size).to.equal(content.length);
      expect(content.equals(await buffer(await blobs.get(key)))).to.be.true;
    });

    it("replaces a blob whole or not at all", async () => {
      await put("old");
      const error: unknown = await blobs.put(key, Readable.from(breaksOff())).catch((error: unknown) => error);
      expect(error).to.have.property("message").that.includes("broke off");
      expect(await text(await blobs.get(key))).to.equal("old");
      expect((await put("newer")).size).to.equal(5);
      expect(await text(await blobs.get(key))).to.equal("newer");
    });

    it("takes files through the steps that clients go", async () => {
      const client = new StorageClient(test);
      const root = await client.rootId();
      const content = randomBytes(megabyte).toString("hex");
      const file = await client.createFile(root, "図.dgn", content);
      expect(file.size).to.equal(content.length);
      const { uploadUrl } = await client.beginUpdate(file.id);
      expect((await upload(uploadUrl, "updated")).status).to.equal(201);
      const response = await client.download(file.id);
      expect(await response.text()).to.equal("updated");
      expect(response.headers.get("content-length")).to.equal("7");
      expect(response.headers.get("content-disposition")).to.include("filename*=UTF-8''%E5%9B%B3.dgn");
      const part = await fetch(response.url, { headers: { range: "bytes=2-3" } });
      expect([part.status, await part.text()]).to.deep.equal([206, "da"]);
      expect((await upload(response.url, "x")).ok, "a URL for downloads takes no upload").to.be.false;
    });

    it("takes up an upload in blocks where it was interrupted", async () => {
      const client = new StorageClient(test);
      const { id, uploadUrl } = await client.beginFile(await client.rootId(), "big.dgn");
      const blocks = [randomBytes(megabyte), randomBytes(megabyte), randomBytes(10)];
      const ids = blocks.map((_, index) => Buffer.from(`block ${index}?>`).toString("base64"));
      const send = (azure: BlockBlobClient, index: number) =>
        azure.stageBlock(ids[index]!, blocks[index]!, blocks[index]!.length);
      const first = new BlockBlobClient(uploadUrl);
      await send(first, 2);
      await send(first, 0);
      expect((await client.complete(id)).status).to.equal(422);
      expect(await client.names(await client.rootId())).to.not.include("big.dgn");

      const second = new BlockBlobClient(uploadUrl);
      const { uncommittedBlocks } = await second.getBlockList("uncommitted");
      const arrived = uncommittedBlocks!.map(({ name, size }) => ({ name, size }));
      expect(arrived).to.have.deep.members([
        { name: ids[0], size: megabyte },
        { name: ids[2], size: 10 },
      ]);
      const early: unknown = await second.commitBlockList(ids).catch((error: unknown) => error);
      expect(early).to.include({ statusCode: 400 });
      await send(second, 1);
      await second.commitBlockList(ids);
      expect((await client.complete(id)).body.file.size).to.equal(2 * megabyte + 10);
      const content = Buffer.from(await (await client.download(id)).arrayBuffer());
      expect(content.equals(Buffer.concat(blocks))).to.be.true;
    });
  });

function* chunksOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; start += 65_536) yield content.subarray(start, start + 65_536);
}

async function* breaksOff(): AsyncGenerator<Buffer> {
  for (let chunk = 0; chunk < 160; chunk++) yield randomBytes(65_536);
  throw new Error("the sender broke off");
}
