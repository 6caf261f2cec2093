import { describeHostileSources, type HostileSubject } from "itwin-connector-framework/testing";

/** Titles of the sources that `npm test` runs: one of each sort, of those that a connector is most likely to fail on. */
const everyday = new Set([
  "duplicate identifiers",
  "an empty identifier",
  "identifiers of objects",
  "emoji headers",
  "the same header twice",
  "headers of objects",
  "JSON that pollutes",
  "no rows",
  "a row that is too short",
  "keys that pollute",
  "mixed encodings",
  "a file that is cut off",
  "a quote that is never closed",
]);

/** As `describeHostileSources`; all sources but a few have the tag @all. */
export function describeHostile(subject: HostileSubject): void {
  const [chosen, others] = [true, false].map((isChosen) =>
    subject.sources.filter(({ title }) => everyday.has(title) === isChosen),
  );
  describeHostileSources({ ...subject, sources: chosen! });
  describe("@all", () => describeHostileSources({ ...subject, sources: others! }));
}
