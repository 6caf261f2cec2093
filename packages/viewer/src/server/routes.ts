import type { IncomingMessage } from "node:http";
import { readBoxes } from "../elements/boxes.js";
import { readCategories, readClasses, readModels } from "../elements/catalogs.js";
import { completeNames } from "../elements/completeNames.js";
import { describeElement } from "../elements/describeElement.js";
import { describeModel } from "../elements/describeModel.js";
import type { EcsqlBox } from "../elements/EcsqlBox.js";
import { readElementTable } from "../elements/elementTable.js";
import type { ModelContents } from "../elements/ModelContents.js";
import { searchElements } from "../elements/search.js";
import { HttpError } from "./HttpError.js";
import type { Timeline, TimelineStep } from "./Timeline.js";
import { readJsonBody } from "./readJsonBody.js";

/** What the routes answer from. */
export interface RouteContext {
  readonly contents: ModelContents;
  readonly box: EcsqlBox;
  /** The path of the iModel, as the user gave it. */
  readonly file: string;
  /** How the page names the iModel, if not as its root Subject does. */
  readonly name?: string;
  /** What changed since an earlier iModel. */
  readonly changes?: () => Promise<unknown>;
  /** The other versions that the page leads to. */
  readonly timeline?: Timeline;
  /** Whether there is anything to show, if that is known. */
  readonly hasGraphics?: boolean;
}

/** A request of the page. */
export interface RouteRequest {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
  /** What stands behind the name of the route. */
  readonly rest: string;
}

/** Answers a request with something that becomes JSON. */
export type Route = (context: RouteContext, request: RouteRequest) => Promise<unknown>;

/** The most that can be asked for at once. */
const most = { results: 500, rows: 1000, queried: 10_000 };

/** The routes below `/api/`, by method and name. */
export const routes: Readonly<Record<string, Route>> = {
  "GET model": describe,
  "GET changes": async ({ changes }) => {
    if (changes === undefined) throw new HttpError(404, "server/not-found", "No earlier iModel was given.");
    return changes();
  },
  "GET versions": async ({ timeline }) => ({ versions: needed(timeline).versions(), step: needed(timeline).step }),
  "POST versions": async ({ timeline }, { message }) => {
    const url = await needed(timeline).open(stepIn(await readJsonBody(message)));
    return { url };
  },
  "GET categories": ({ contents }) => readCategories(contents),
  "GET models": ({ contents }) => readModels(contents),
  "GET classes": ({ contents }) => readClasses(contents),
  "GET elements": async ({ contents }, { rest }) => {
    const element = await describeElement(contents, rest);
    return { ...element, box: readBoxes(contents.imodel, [element.id]).get(element.id) };
  },
  "GET names": ({ contents }, { query }) => completeNames(contents, query.get("prefix") ?? ""),
  "GET search": ({ contents }, { query }) =>
    searchElements(contents, {
      text: query.get("text") ?? "",
      limit: countIn(query, "limit", most.results),
      cursor: query.get("cursor") ?? undefined,
    }),
  "GET table": ({ contents }, { query }) =>
    readElementTable(contents, {
      className: query.get("class") ?? "",
      sort: query.get("sort") || undefined,
      descending: query.get("descending") === "1",
      filter: query.get("filter") ?? undefined,
      offset: countIn(query, "offset"),
      limit: countIn(query, "limit", most.rows),
    }),
  "POST ecsql": async ({ box }, { message }) => {
    const { ecsql, limit = 1000 } = await readJsonBody(message);
    if (typeof ecsql !== "string") throw new HttpError(400, "server/request", '"ecsql" has to be a text.');
    if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1)
      throw new HttpError(400, "server/request", '"limit" has to be a whole number above 0.');
    return box.run(ecsql, Math.min(limit, most.queried));
  },
};

/** The names of the routes for which there is a method at least. */
export const routeNames: ReadonlySet<string> = new Set(Object.keys(routes).map((key) => key.split(" ")[1] ?? ""));

async function describe({ contents, file, changes, timeline, ...known }: RouteContext): Promise<unknown> {
  const model = await describeModel(contents, file);
  const { name = model.name, hasGraphics: graphics = model.graphics } = known;
  return { ...model, name, graphics, comparison: changes !== undefined, timeline: timeline !== undefined };
}

function needed(timeline: Timeline | undefined): Timeline {
  if (timeline === undefined) throw new HttpError(404, "server/not-found", "The iModel does not come from a bank.");
  return timeline;
}

function stepIn({ from, to }: Record<string, unknown>): TimelineStep {
  if (isIndex(to) && (from === undefined || isIndex(from))) return { from, to };
  throw new HttpError(400, "server/request", '"from" and "to" have to be indexes of versions.');
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function countIn(query: URLSearchParams, name: string, atMost = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400, "server/request", `"${name}" has to be a whole number.`);
  return Math.min(Number(text), atMost);
}
