import { readFileSync } from "node:fs";

/** A version of the sample. */
export function sampleText(name: string): string {
  return readFileSync(new URL(`../sample/${name}`, import.meta.url), "utf8");
}

/** The sample house. */
export const houseText = sampleText("1-first/house.ifc");

/** Replaces something that must be there once. */
export function edit(text: string, wanted: string | RegExp, replacement: string): string {
  const edited = text.replace(wanted, replacement);
  if (edited === text) throw new Error(`${String(wanted)} is not in the text`);
  return edited;
}

/** The number of the instance with a text in its line, as `#12`. */
export function lineWith(text: string, part: string): { number: string; line: string } {
  const line = text.split("\n").find((candidate) => candidate.includes(part));
  if (line === undefined) throw new Error(`no line has ${part}`);
  return { number: /^#\d+/.exec(line)![0], line };
}

/** A file as another export might write it: other numbers, and the instances backwards. */
export function renumber(text: string): string {
  const numbers = new Map<string, number>();
  const renumbered = text.replace(/'(?:[^']|'')*'|#(\d+)/g, (all, number?: string) => {
    if (number === undefined) return all;
    if (!numbers.has(number)) numbers.set(number, 1_000_000 - 3 * numbers.size);
    return `#${numbers.get(number)}`;
  });
  const [head, data, tail] = renumbered.split(/(?<=\bDATA;)|(?=ENDSEC;\s*END-ISO)/) as [string, string, string];
  const instances = data.split(/(?<=;)\s*\n/).filter((line) => line.trim() !== "");
  return `${head}\n${instances.reverse().join("\n")}\n${tail}`;
}
