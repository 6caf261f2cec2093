import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes a file with a list of so many records of 30,000 bytes. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(pieces(entities)), createWriteStream(path));
}

function* pieces(entities) {
  yield '{ "equipment": [';
  for (let index = 0; index < entities; index++) {
    const record = { tag: `P-${index}`, position: { x: index }, note: `${index} `.padEnd(30_000, "n") };
    yield `${index > 0 ? "," : ""}\n${JSON.stringify(record)}`;
  }
  yield "\n] }\n";
}
