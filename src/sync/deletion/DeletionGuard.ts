import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import { readLabel } from "../../imodel/elementQueries.js";
import { countItems, readProvenanceOf, type ElementProvenance, type Origin } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { DeletionLimit } from "./DeletionLimit.js";
import type { OwnershipRules } from "./OwnershipRules.js";

/** The entities of one document, or of all that the run has read. */
interface Extent {
  /** The ExternalSource of the document or, where that is not known, the scope; undefined for all documents. */
  originId?: Id64String;
  /** How many the iModel had before the run. */
  had: number;
  /** Those that the run would delete. */
  vanished: readonly ElementProvenance[];
}

/** So many kinds of entities are named in the message. */
const namedKinds = 10;

/** Refuses deletions beyond a limit, before the first one is made. */
export class DeletionGuard {
  /** Entities whose element was replaced in this run, by origin: their aspects are new, they are not. */
  private readonly _replaced = new Map<Id64String, number>();

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _limit: DeletionLimit,
  ) {}

  /** Takes note of an entity whose element was replaced. */
  public countReplaced(origin: Origin): void {
    add(this._replaced, keyOf(origin), 1);
  }

  /**
   * Checks each document, and all of them together. It costs nothing for few deletions, else a scan of the provenance.
   * @param vanished - elements of entities that vanished
   * @throws ConnectorError `run/too-many-deletions`
   */
  public check(vanished: ReadonlyMap<Id64String, unknown>, ownership: OwnershipRules): void {
    if (!this._mayExceed(vanished.size)) return;
    const extents = this._extentsOf(readProvenanceOf(this._context.imodel, vanished.keys()), ownership);
    const [first, ...others] = extents.filter((extent) => this._isExceeded(extent));
    if (first !== undefined) throw this._refusal(first, this._limitFor([first, ...others]));
  }

  /** Documents with the most deletions first; all of them together at the end. */
  private _extentsOf(vanished: readonly ElementProvenance[], ownership: OwnershipRules): Extent[] {
    const had = this._countBefore(ownership);
    const byOrigin = new Map<Id64String, ElementProvenance[]>();
    for (const item of vanished) {
      const items = byOrigin.get(keyOf(item));
      if (items === undefined) byOrigin.set(keyOf(item), [item]);
      else items.push(item);
    }
    const documents = [...byOrigin].map(([originId, items]) => {
      return { originId, had: had.get(originId) ?? items.length, vanished: items };
    });
    documents.sort((left, right) => right.vanished.length - left.vanished.length);
    const [only, ...others] = documents;
    const all: Extent = { had: [...had.values()].reduce((sum, count) => sum + count, 0), vanished };
    return only !== undefined && others.length === 0 && only.had === all.had ? [only] : [...documents, all];
  }

  /** How many entities each document had that this run may delete from. */
  private _countBefore(ownership: OwnershipRules): Map<Id64String, number> {
    const { imodel, index } = this._context;
    const isOfRun = (origin: Origin) => ownership.mayBeOwn(origin) || index.isUsedScope(origin.scopeId);
    const counts = new Map<Id64String, number>();
    for (const count of countItems(imodel, index.newAspects))
      if (isOfRun(count)) add(counts, keyOf(count), count.items);
    for (const [id, count] of this._replaced) add(counts, id, count);
    return counts;
  }

  private _mayExceed(deletions: number): boolean {
    const { percent, count = Infinity, from = 0 } = this._limit;
    return deletions > count || (percent !== undefined && deletions * 100 > percent * from);
  }

  private _isExceeded({ had, vanished }: Extent): boolean {
    const { percent = 100, count = Infinity, from = 0 } = this._limit;
    return vanished.length > count || (had >= from && vanished.length * 100 > percent * had);
  }

  /** What lets the run delete all of it. */
  private _limitFor(extents: readonly Extent[]): string {
    if (this._limit.count !== undefined) return `${Math.max(...extents.map(({ vanished }) => vanished.length))}`;
    return `${Math.max(...extents.map(({ had, vanished }) => Math.ceil((100 * vanished.length) / had)))}%`;
  }

  private _refusal({ originId, had, vanished }: Extent, wanted: string): ConnectorError {
    const { imodel } = this._context;
    const place = originId === undefined ? "all documents" : (readLabel(imodel, originId) ?? `the scope ${originId}`);
    return new ConnectorError(
      "run/too-many-deletions",
      `The run would delete ${vanished.length} of the ${had} entities of ${place}: ${describeKinds(vanished)}.`,
      {
        phase: "deletion",
        advice:
          "Check that the source is complete and the right one. " +
          `If it is, run again with --max-deletions ${wanted}, or none for no limit.`,
      },
    );
  }
}

function keyOf({ sourceId, scopeId }: Origin): Id64String {
  return sourceId ?? scopeId;
}

function add(counts: Map<Id64String, number>, id: Id64String, count: number): void {
  counts.set(id, (counts.get(id) ?? 0) + count);
}

/** The kinds with the most entities first. */
function describeKinds(items: readonly ElementProvenance[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of items) add(counts, kind, 1);
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  const named = sorted.slice(0, namedKinds).map(([kind, count]) => `${count} ${kind}`);
  const others = sorted.slice(namedKinds).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(others > 0 ? [`${others} others`] : [])].join(", ");
}
