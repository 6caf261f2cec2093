import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes a CSV file with so many rows of 30,000 bytes. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(rows(entities)), createWriteStream(path));
}

function* rows(entities) {
  yield "id,note,x,y\n";
  for (let index = 0; index < entities; index++)
    yield `P-${index},${`${index} `.padEnd(30_000, "n")},${index % 100},0\n`;
}
