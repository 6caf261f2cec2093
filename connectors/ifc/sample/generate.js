import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { globalId, IfcText } from "./IfcText.js";

/** Writes a file with so many proxies, each described by 30,000 bytes. */
export default async function generate(path, entities) {
  await pipeline(Readable.from(lines(entities)), createWriteStream(path));
}

function* lines(entities) {
  const [head, tail] = new IfcText().toText().split("ENDSEC;\nEND-ISO");
  yield head;
  for (let index = 0; index < entities; index++) {
    const description = `${index} `.padEnd(30_000, "n");
    yield `#${index + 1}=IFCBUILDINGELEMENTPROXY('${globalId(`P-${index}`)}',$,'P-${index}','${description}',$,$,$,$,$);\n`;
  }
  yield `ENDSEC;\nEND-ISO${tail}`;
}
