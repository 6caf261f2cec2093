import { ConnectorError } from "../ConnectorError.js";
import { describeRejected } from "../sync/items/RejectedItem.js";
import type { SynchronizationStatistics } from "../sync/items/SynchronizationStatistics.js";

/** So many sorts of things are named in the message. */
const namedSorts = 5;

/**
 * Refuses to go on if something that a reader of the source would miss was not imported, or entities were skipped.
 * @throws ConnectorError `run/not-imported`
 */
export function refuseNotImported(statistics: SynchronizationStatistics): void {
  const { unlistedNotImported, skipped, firstRejected } = statistics;
  const notImported = statistics.notImported.filter(({ isLoss }) => isLoss !== false);
  const total = notImported.reduce((sum, { count }) => sum + count, unlistedNotImported);
  if (total + skipped === 0) return;
  const named = notImported.slice(0, namedSorts);
  const others = total - named.reduce((sum, { count }) => sum + count, 0);
  const parts = named.map(({ count, what, reason, example }) => `${count} ${what} (${reason}; such as ${example})`);
  if (firstRejected !== undefined) parts.unshift(`${skipped} skipped (such as ${describeRejected(firstRejected)})`);
  if (others > 0) parts.push(`${others} others`);
  throw new ConnectorError("run/not-imported", `The run is strict, and does not import ${parts.join(", ")}.`, {
    advice: "Remove these from the source, use a connector that imports them, or run without --strict.",
  });
}
