import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes a collection of so many features of 30,000 bytes. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(pieces(entities)), createWriteStream(path));
}

function* pieces(entities) {
  yield '{ "type": "FeatureCollection", "features": [';
  for (let index = 0; index < entities; index++) {
    const geometry = { type: "Point", coordinates: [8 + index / 1e5, 50] };
    const properties = { note: `${index} `.padEnd(30_000, "n") };
    yield `${index > 0 ? "," : ""}\n${JSON.stringify({ type: "Feature", id: index, geometry, properties })}`;
  }
  yield "\n] }\n";
}
