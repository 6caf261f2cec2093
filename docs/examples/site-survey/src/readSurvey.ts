import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ConnectorError, type SourceLocation } from "itwin-connector-framework";

/** What a line of a survey says. Lengths are in metres. */
export type Surveyed =
  | { kind: "Pole"; id: string; x: number; y: number; height: number; location: SourceLocation }
  | { kind: "Cable"; id: string; from: string; to: string; location: SourceLocation };

/** Reads a survey line by line: `pole ID X Y HEIGHT` or `cable ID FROM TO`. */
export async function* readSurvey(file: string): AsyncGenerator<Surveyed> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    if (text.trim() !== "") yield parse(text.trim().split(/\s+/), { file, line });
  }
}

function parse([what, id, ...rest]: string[], location: SourceLocation): Surveyed {
  if (what === "pole" && id && rest.length === 3) {
    const [x, y, height] = rest.map((word) => parseLength(word, location)) as [number, number, number];
    return { kind: "Pole", id, x, y, height, location };
  }
  const [from, to] = rest;
  if (what === "cable" && id && from && to) return { kind: "Cable", id, from, to, location };
  throw new ConnectorError("site-survey/bad-line", "The line is neither a pole nor a cable.", {
    source: location,
    advice: 'Write "pole ID X Y HEIGHT" or "cable ID FROM TO".',
  });
}

function parseLength(word: string, location: SourceLocation): number {
  const length = Number(word);
  if (Math.abs(length) < 100_000) return length;
  throw new ConnectorError("site-survey/bad-length", `"${word}" is no length within 100 km.`, {
    source: location,
    advice: "Give lengths in metres, with a decimal point.",
  });
}
