import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ConnectorError } from "itwin-connector-framework";

/** What a line of the source says. */
export interface Thing {
  id: string;
  type: string;
  /** In metres. */
  position: [x: number, y: number, z: number];
  /** The line, counted from 1. It is for messages, and no part of the content. */
  line: number;
}

/** Reads a text file line by line: an identifier, a type and three coordinates, with blanks between them. */
export async function* readThings(file: string): AsyncGenerator<Thing> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    if (text.trim() !== "") yield parse(text.trim().split(/\s+/), file, line);
  }
}

function parse(words: string[], file: string, line: number): Thing {
  const [id, type, ...rest] = words;
  const position = rest.map(Number);
  if (position.length === 3 && position.every((coordinate) => Math.abs(coordinate) < 1e6))
    return { id: id!, type: type!, position: position as Thing["position"], line };
  throw new ConnectorError("template-connector/bad-line", "The line does not describe a thing.", {
    source: { file, line },
    advice: 'Write an identifier, a type and three coordinates in metres, such as "P-1 Pump 1 2 0".',
  });
}
