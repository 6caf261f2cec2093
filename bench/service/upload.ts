import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openService } from "../../packages/service/src/startService.js";
import { StorageFiles } from "../../packages/service/src/api/storage/StorageFiles.js";

/**
 * What an upload of 1 GB costs the service in resident memory: it is asked to stay below 150 MB. The client is a process
 * of its own. A small upload goes before, so that what is loaded once is not counted.
 */
const megabyte = 1024 ** 2;
const limit = 150;

const folder = mkdtempSync(join(tmpdir(), "bench-upload-"));
const service = await openService({ dataDirectory: folder, port: 0, workers: 0, logLevel: "silent" });
try {
  await upload(megabyte);
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const start = performance.now();
  await upload(1024 * megabyte);
  clearInterval(watch);
  const growth = Math.round((most - before) / megabyte);
  const seconds = (performance.now() - start) / 1000;
  console.log(`1 GB in ${seconds.toFixed(1)} s; resident memory grew by ${growth} MB (asked: less than ${limit} MB)`);
  if (growth >= limit) process.exitCode = 1;
} finally {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Makes a file and lets another process upload its content. */
async function upload(bytes: number): Promise<void> {
  const { context, url } = service;
  const storage = new StorageFiles(context);
  const nothing = new Set<string>();
  const principal = { subject: "bench", name: "bench", scopes: nothing, iTwins: nothing, expiresAt: Infinity };
  const file = await storage.items.create("file", await makeRoot(storage), { displayName: "big.ifc" }, principal);
  const uploadUrl = await storage.uploads.begin(file!, principal, url);
  const sender = fileURLToPath(new URL("./sender.mjs", import.meta.url));
  const [code] = (await once(fork(sender, [uploadUrl, String(bytes)], { execArgv: [] }), "exit")) as [number];
  const { size } = (await storage.find(file!.id))!;
  if (code !== 0 || size !== bytes) throw new Error(`the upload failed: ${size} of ${bytes} bytes have arrived`);
}

async function makeRoot(storage: StorageFiles) {
  const id = crypto.randomUUID();
  const iTwin = { id, display_name: "Bench", class: "Endeavor", sub_class: "Project", status: "Active" };
  await service.context.db
    .insertInto("itwins")
    .values({ ...iTwin, created_at: new Date(), created_by: "bench" })
    .execute();
  return (await storage.items.find(id))!;
}
