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
  idByRow?: boolean;
}

/** What is said where a text can be taken in several ways. */
export interface LayoutAdvice {
  /** What to do about a fault. */
  advice: string;
  /**
   * The error of a text without records.
   * @param member - the first value of the one object that the text is
   */
  noRecords(member: string | undefined): Error;
}

const linesName = /\.(?:jsonl|ndjson|json-?seq)$/i;

/**
 * The layout of a file: the given one, else one that its name or its text tells. Mostly the first piece of the text is enough.
 * @throws ConnectorError for a text that is no JSON, or can be taken in several ways
 */
export async function findLayout(file: TextFile, given: GivenLayout, context: LayoutAdvice): Promise<FoundLayout> {
  const hasRoots = given.shape === "lines" || (given.lines ?? linesName.test(file.path));
  const told = toldLayout(given, hasRoots);
  if (told !== undefined) return told;
  const around = new ShapeSurvey(given);
  await surveyShape(file, around, { advice: context.advice, isOneBlockEnough: hasRoots });
  const layout = chooseLayout(around.final, given, hasRoots);
  if (layout === undefined) throw context.noRecords(around.firstOfObject);
  return layout;
}

/** What the options say, if nothing is left to be found out. A frame tells by itself what identifies its records. */
function toldLayout({ shape, records: path }: GivenLayout, hasRoots: boolean): FoundLayout | undefined {
  if (shape === "split" && path === undefined) return undefined;
  if (shape !== undefined) return { shape, hasRoots, path };
  return path === undefined || hasRoots ? undefined : { shape: "list", hasRoots, path };
}

function chooseLayout(found: Layout | undefined, { shape, records: path }: GivenLayout, hasRoots: boolean) {
  if (shape !== undefined) return found?.shape === shape ? found : { shape, hasRoots };
  return hasRoots ? onLines(found, path) : found && { ...found, readAs: describe(found) };
}

/** Lists on lines are rows, as long as nothing speaks against it. */
function onLines(found: Layout | undefined, path: string | undefined): FoundLayout {
  return found?.shape === "arrays" && found.hasRoots ? found : { shape: "lines", hasRoots: true, path };
}

/** Lists of objects are what everybody expects. */
function describe({ shape, hasRoots, path }: Layout): string | undefined {
  if (shape === "list") return path === undefined ? undefined : `records at "${path}", with a schema beside them`;
  return shapeNames[shape] + (shape === "arrays" && hasRoots ? ", one after the other" : "");
}

/** @param isOneBlockEnough - whether only the beginning of the file counts */
async function surveyShape(
  file: TextFile,
  around: ShapeSurvey,
  { advice, isOneBlockEnough }: { advice: string; isOneBlockEnough: boolean },
): Promise<void> {
  const places = placesOf({ shape: "list", hasRoots: true });
  const reading = { places, around, onNotANumber: () => undefined, advice };
  await walkJson(file, reading, () => isOneBlockEnough || around.certain !== undefined);
}
