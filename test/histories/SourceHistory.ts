import fc from "fast-check";
import type { HistoryDocument, HistoryItem } from "./HistoryConnector.js";

/** A change of a source. What the numbers choose depends on what is there, so that any of them make sense. */
export interface SourceChange {
  what: keyof typeof changes;
  document: number;
  item: number;
  other: number;
  value: number;
}

/** A change of the source, or something that happens to the run or the iModel. */
export interface HistoryStep {
  changes: SourceChange[];
  /** The run fails after so many items before it is repeated. */
  fails?: number;
  /** Before the run, the iModel is what it was so many steps before. */
  restores?: number;
}

type Change = (items: HistoryItem[], change: SourceChange) => void;

let made = 0;

/** What can happen to the items of a document. */
const changes = {
  add: (items, { value }) => void items.push(newItem(value)),
  remove: (items, { item }) => void items.splice(item % Math.max(1, items.length), 1),
  edit: (items, { item, value }) =>
    withItem(items, item, (it) => Object.assign(it, { flow: value, label: `l${value}` })),
  move: (items, { item, value }) => withItem(items, item, (it) => (it.x = it.x === value ? undefined : value)),
  tag: (items, { item, value }) =>
    withItem(items, item, (it) => (it.code = it.code === undefined ? `T${value}` : undefined)),
  changeCase: (items, { item }) => withItem(items, item, (it) => (it.code = otherCase(it.code))),
  swapTags: (items, { item, other }) => withTwo(items, item, other, (a, b) => ([a.code, b.code] = [b.code, a.code])),
  swapGuids: (items, { item, other }) => withTwo(items, item, other, (a, b) => ([a.guid, b.guid] = [b.guid, a.guid])),
  passTagToPart: (items, { item, other }) =>
    withTwo(items, item, other, (a, b) => {
      if (a.code !== undefined) b.parts.push({ label: "tagged", code: a.code });
      a.code = undefined;
    }),
  rename: (items, { item }) =>
    withItem(items, item, (it) => {
      const before = it.id;
      it.id = `${it.kind}-${++made}`;
      for (const one of items) redirect(one, before, it.id);
    }),
  changeClass: (items, { item, value }) =>
    withItem(items, item, (it) => (it.class = (["Pump", "Valve", "Group"] as const)[value % 3] ?? "Pump")),
  adopt: (items, { item, other }) => withTwo(items, item, other, (a, b) => (a.parent = b.id)),
  orphan: (items, { item }) => withItem(items, item, (it) => (it.parent = undefined)),
  part: (items, { item, value }) =>
    withItem(items, item, (it) => {
      if (value % 3 === 0) it.parts.shift();
      else it.parts.push({ label: `p${value}` });
    }),
  reverseParts: (items, { item }) => withItem(items, item, (it) => it.parts.reverse()),
  note: (items, { item, value }) =>
    withItem(items, item, (it) => (it.notes = value === 0 ? [] : [...it.notes, `n${value}`])),
  feed: (items, { item, other, value }) =>
    withTwo(items, item, other, (a, b) => {
      const known = a.feeds.find(({ id }) => id === b.id);
      if (known === undefined) a.feeds.push({ id: b.id, rate: value === 0 ? undefined : value });
      else if (value % 2 === 0) a.feeds.splice(a.feeds.indexOf(known), 1);
      else known.rate = value;
    }),
  spare: (items, { item, other }) =>
    withTwo(items, item, other, (a, b) => (a.spare = a.spare === b.id ? undefined : b.id)),
  shuffle: (items, { value }) => {
    if (value % 2 === 0) items.reverse();
    else items.push(...items.splice(0, 1));
  },
} satisfies Record<string, Change>;

const number = fc.nat(30);

const change: fc.Arbitrary<SourceChange> = fc.record({
  what: fc.oneof(fc.constantFrom(...(Object.keys(changes) as SourceChange["what"][])), fc.constant("add" as const)),
  document: fc.nat(1),
  item: number,
  other: number,
  value: fc.nat(5),
});

const step: fc.Arbitrary<HistoryStep> = fc.record(
  {
    changes: fc.array(change, { minLength: 1, maxLength: 5 }),
    fails: fc.nat(4),
    restores: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ["changes"] },
);

/** Histories of a source of two documents. The first step fills them. */
export const histories: fc.Arbitrary<HistoryStep[]> = fc
  .tuple(fc.array(change, { minLength: 1, maxLength: 8 }), fc.array(step, { minLength: 1, maxLength: 5 }))
  .map(([first, steps]) => [{ changes: [...filling(), ...first] }, ...steps]);

function filling(): SourceChange[] {
  return Array.from({ length: 8 }, (_, index) => ({
    what: "add",
    document: index % 2,
    item: 0,
    other: 0,
    value: index,
  }));
}

/** Carries out changes on copies of two documents. */
export function applyChanges(documents: readonly HistoryDocument[], list: readonly SourceChange[]): HistoryDocument[] {
  const next = structuredClone(documents) as HistoryDocument[];
  for (const one of list) {
    const { items } = next[one.document] ?? { items: [] };
    changes[one.what](items, one);
  }
  for (const { items } of next) settle(items);
  return next;
}

function newItem(value: number): HistoryItem {
  const kind = value % 2 === 0 ? "even" : "odd";
  const id = `${kind}-${++made}`;
  const guid = `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
  const base = { id, kind, class: "Pump" as const, label: id, flow: value, parts: [], feeds: [], notes: [] };
  return { ...base, guid: value % 3 === 0 ? guid : undefined, code: value % 2 === 0 ? `T${made}` : undefined };
}

function withItem(items: HistoryItem[], index: number, act: (item: HistoryItem) => void): void {
  const item = items[index % Math.max(1, items.length)];
  if (item !== undefined) act(item);
}

function withTwo(items: HistoryItem[], a: number, b: number, act: (a: HistoryItem, b: HistoryItem) => void): void {
  withItem(items, a, (first) => withItem(items, b, (second) => first !== second && act(first, second)));
}

function redirect(item: HistoryItem, before: string, after: string): void {
  if (item.parent === before) item.parent = after;
  if (item.spare === before) item.spare = after;
  for (const feed of item.feeds) if (feed.id === before) feed.id = after;
}

function otherCase(code: string | undefined): string | undefined {
  return code === code?.toLowerCase() ? code?.toUpperCase() : code?.toLowerCase();
}

/** Takes back what no source could hold: codes that come twice, parents that are not there or of another model. */
function settle(items: HistoryItem[]): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const item of items) {
    if (!isChild(item, byId)) item.parent = undefined;
    const spare = byId.get(item.spare ?? "");
    if (item.class !== "Pump" || spare?.class === "Group") item.spare = undefined;
    if (item.class === "Group") Object.assign(item, { x: undefined, parts: [] });
  }
  const codes = new Set<string>();
  for (const item of items) {
    item.code = onlyOnce(item.code, codes);
    for (const part of item.parts) part.code = onlyOnce(part.code, codes);
  }
}

/** Whether an item can have the parent that it has. */
function isChild(item: HistoryItem, byId: ReadonlyMap<string, HistoryItem>): boolean {
  const parent = byId.get(item.parent ?? "");
  if (parent === undefined || parent.class === "Group" || item.class === "Group") return false;
  return !isAncestor(item, parent, byId);
}

function isAncestor(item: HistoryItem, of: HistoryItem, byId: ReadonlyMap<string, HistoryItem>): boolean {
  for (let one: HistoryItem | undefined = of; one !== undefined; one = byId.get(one.parent ?? ""))
    if (one === item) return true;
  return false;
}

function onlyOnce(code: string | undefined, codes: Set<string>): string | undefined {
  const key = code?.toUpperCase();
  if (key === undefined || codes.has(key)) return undefined;
  codes.add(key);
  return code;
}
