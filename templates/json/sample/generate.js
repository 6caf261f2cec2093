import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes a large source, with 10,000 bytes in each object. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(pieces(entities)), createWriteStream(path));
}

function* pieces(entities) {
  for (let index = 0; index < entities; index++)
    yield `${index === 0 ? "[" : ","}\n${JSON.stringify({ id: `P-${index}`, name: `${index}`.padEnd(10_000, "p") })}`;
  yield "\n]\n";
}
