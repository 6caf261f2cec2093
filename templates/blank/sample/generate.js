import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes a large source, with 40,000 bytes in each line. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(lines(entities)), createWriteStream(path));
}

function* lines(entities) {
  for (let index = 0; index < entities; index++) yield `P-${index} ${`${index}`.padEnd(40_000, "p")} ${index} 0 0\n`;
}
