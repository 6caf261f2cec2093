// Uploads so many random bytes: node sender.mjs URL BYTES
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { request } from "node:http";
import { pipeline } from "node:stream/promises";

const [url, bytes] = process.argv.slice(2);
const chunk = randomBytes(1024 ** 2);
const chunks = (function* () {
  for (let sent = 0; sent < Number(bytes); sent += chunk.length) yield chunk;
})();
const sending = request(url, { method: "PUT", headers: { "content-length": bytes } });
const answered = new Promise((resolve, reject) => sending.on("response", resolve).on("error", reject));
await pipeline(Readable.from(chunks), sending);
process.exit((await answered).statusCode === 201 ? 0 : 1);
