/** Edits beyond which two names have nothing to do with each other. */
const mostEdits = 2;

/** The name that someone probably meant: the same in another case of letters, or with at most two letters wrong. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  return nearestNames(name, candidates, 1)[0];
}

/** The names that someone may have meant, the nearest ones first. */
export function nearestNames(name: string, candidates: Iterable<string>, count: number): string[] {
  const wanted = name.toLowerCase();
  const near = [...new Set(candidates)].map((candidate) => ({
    candidate,
    edits: countEdits(wanted, candidate.toLowerCase()),
  }));
  return near
    .filter(({ edits }) => edits <= mostEdits && edits < wanted.length)
    .sort((left, right) => left.edits - right.edits)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Longer lists of names help nobody. */
const longestList = 20;

/** The advice to use the name that someone probably meant, or one of those that exist. */
export function adviseName(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  if (nearest !== undefined) return `Use "${nearest}".`;
  if (candidates.length > longestList) return "Check its spelling.";
  return candidates.length === 0 ? "There are none." : `Use one of: ${[...candidates].sort().join(", ")}.`;
}

/** Insertions, deletions and replacements of letters that lead from one text to another (Levenshtein). */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const [left, above, diagonal] = [next[j] ?? 0, row[j + 1] ?? 0, row[j] ?? 0];
      next.push(Math.min(left + 1, above + 1, diagonal + Number(letter !== other)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
