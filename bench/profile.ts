import { Session, type Profiler } from "node:inspector";
import { basename, dirname } from "node:path";

/** A function in which time was spent, without what it calls. */
export interface HotFunction {
  name: string;
  /** Folder, file and line; of native code those of its caller. Empty for the garbage collector and the like. */
  place: string;
  /** Of the time of the whole, from 0 to 1. */
  share: number;
}

const microsecondsPerSample = 100;

/** So many functions are told of; the rest is noise. */
const count = 12;

type Node = Profiler.ProfileNode;
type Described = Omit<HotFunction, "share">;

/** Carries out work, and says in which functions the time went. */
export function profile(work: () => void): HotFunction[] {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: microsecondsPerSample });
  session.post("Profiler.start");
  work();
  let hottest: HotFunction[] = [];
  session.post("Profiler.stop", (error, result) => {
    if (error !== null) throw error;
    hottest = findHottest(result.profile);
  });
  session.disconnect();
  return hottest;
}

function findHottest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): HotFunction[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const key = JSON.stringify(describe(byId.get(id)!, callers.get(id)));
    times.set(key, (times.get(key) ?? 0) + timeDeltas[index]!);
  }
  const ofWork = [...times]
    .map(([key, time]) => ({ ...(JSON.parse(key) as Described), time }))
    .filter(({ place }) => !place.startsWith("node:inspector")); // what the profiling itself takes
  const total = ofWork.reduce((sum, { time }) => sum + time, 0);
  const hottest = ofWork.sort((left, right) => right.time - left.time).slice(0, count);
  return hottest.map(({ name, place, time }) => ({ name, place, share: time / total }));
}

/** V8 knows the functions of the native library by wrong names, if any; but it knows who calls them. */
function describe({ callFrame }: Node, caller: Node | undefined): Described {
  const { functionName, url } = callFrame;
  if (url !== "") return { name: nameOf(callFrame), place: placeOf(callFrame) };
  if (functionName.startsWith("(") || caller === undefined) return { name: functionName, place: "" };
  return { name: `native code called by ${nameOf(caller.callFrame)}`, place: placeOf(caller.callFrame) };
}

function nameOf({ functionName }: Node["callFrame"]): string {
  return functionName || "(anonymous)";
}

function placeOf({ url, lineNumber }: Node["callFrame"]): string {
  return url.includes("/") ? `${basename(dirname(url))}/${basename(url)}:${lineNumber + 1}` : url;
}
