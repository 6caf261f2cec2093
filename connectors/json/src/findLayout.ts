import { walkJson } from "itwin-connector-framework/internal";
import type { TextFile } from "itwin-connector-framework/tables";
import { ShapeSurvey } from "./ShapeSurvey.js";
import { placesOf, shapeNames, type Layout, type Shape } from "./shapes.js";

/** A layout, with what a run says of it. */
export interface FoundLayout extends Layout {
  readonly readAs?: string;
}

/** What the user says of a layout. */
export interface GivenLayout {
  shape?: Shape;
  lines?: boolean;
  records?: string;
  idColumn?: string;
}

const linesName = /\.(?:jsonl|ndjson|json-?seq)$/i;

/**
 * The layout of a file: the given one, else one that its name or its text tells. Mostly the first piece of the text is enough.
 * @returns undefined where the text can be taken in several ways
 * @throws ConnectorError for a text that is no JSON
 */
export async function findLayout(file: TextFile, given: GivenLayout, advice: string): Promise<FoundLayout | undefined> {
  const { records: path, shape, idColumn } = given;
  const hasRoots = shape === "lines" || (given.lines ?? linesName.test(file.path));
  if (shape !== undefined) return { shape, hasRoots, path };
  if (path !== undefined && !hasRoots) return { shape: "list", hasRoots, path };
  const found = await surveyShape(file, { idColumn, advice, isOneBlockEnough: hasRoots });
  return hasRoots ? onLines(found, path) : found && { ...found, readAs: describe(found) };
}

/** Lists on lines are rows, as long as nothing speaks against it. */
function onLines(found: Layout | undefined, path: string | undefined): FoundLayout {
  return found?.shape === "arrays" && found.hasRoots ? found : { shape: "lines", hasRoots: true, path };
}

/** Lists of objects are what everybody expects. */
function describe({ shape, hasRoots }: Layout): string | undefined {
  if (shape === "list") return undefined;
  return shapeNames[shape] + (shape === "arrays" && hasRoots ? ", one after the other" : "");
}

/** @param isOneBlockEnough - whether only the beginning of the file counts */
async function surveyShape(
  file: TextFile,
  { idColumn, advice, isOneBlockEnough }: { idColumn?: string; advice: string; isOneBlockEnough: boolean },
): Promise<Layout | undefined> {
  const around = new ShapeSurvey(idColumn);
  const places = placesOf({ shape: "list", hasRoots: true });
  const reading = { places, around, onNotANumber: () => undefined, advice };
  await walkJson(file, reading, () => isOneBlockEnough || around.certain !== undefined);
  return around.final;
}
