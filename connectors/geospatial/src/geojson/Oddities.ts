import { counted, pluralOf, RecordNotes, type RecordNote } from "itwin-connector-framework/internal";
import type { SourceErrors } from "itwin-connector-framework/tables";
import type { LeftOut } from "../source/leftOut.js";

/** What a GeoJSON file may have that the standard has not. */
export type Oddity =
  | "nested-collection"
  | "bare-geometry"
  | "not-a-feature"
  | "empty-geometry"
  | "ring-order"
  | "unclosed-ring"
  | "not-a-number"
  | "some-ids";

/** What is odd, and what is done about it. */
const messages: Readonly<Record<Oddity, readonly [what: string, consequence: string]>> = {
  "nested-collection": ["collection within the collection", "the features in it are read"],
  "bare-geometry": ["geometry in the place of features", "a geometry has no attributes"],
  "not-a-feature": ["value in the place of features", "only features become elements"],
  "empty-geometry": ["geometry without any position", "elements without geometry are made"],
  "ring-order": ["polygon whose rings go in the wrong direction", "the first ring is drawn around the others"],
  "unclosed-ring": ["ring whose last position is not the first one", "the first position is added at the end"],
  "not-a-number": ["feature with NaN or Infinity", "these values are read as empty"],
  "some-ids": ["feature with an identifier, beside others that have none", "identifiers of features are not used"],
};

/** What no element is made of. */
const leavesOut: ReadonlySet<Oddity> = new Set(["bare-geometry", "not-a-feature"]);

/** Takes note of what is odd in a GeoJSON file, or refuses it. */
export class Oddities {
  private _notes = new RecordNotes<Oddity>();

  /** @param _isStrict - whether what is odd is refused */
  public constructor(
    private readonly _errors: SourceErrors,
    private readonly _isStrict: boolean,
    private readonly _report: (key: string, message: string) => void,
    private readonly _leftOut?: LeftOut,
  ) {}

  /**
   * Takes note of an oddity, or of several of a sort.
   * @param number - of the record
   * @throws ConnectorError `geospatial/<oddity>` where what is odd is refused
   */
  public add(oddity: Oddity, number: number, count = 1): void {
    this._notes.add(oddity, number, count);
    if (!this._isStrict) return;
    throw this._errors.make(oddity, `There are ${pluralOf(messages[oddity][0])}.`, {
      source: { entity: `record ${number}` },
      advice: 'Correct the file, or leave out the option "strict".',
    });
  }

  /** Reports each oddity once, with how many there are. */
  public report(): void {
    this._notes.report((oddity, note) => {
      const [what, reason] = messages[oddity];
      this._report(oddity, messageOf(oddity, note));
      if (leavesOut.has(oddity)) this._leftOut?.add(what, reason, `record ${note.first}`, note.count);
    });
    this._notes = new RecordNotes();
  }
}

function messageOf(oddity: Oddity, { count, first }: RecordNote): string {
  const [what, consequence] = messages[oddity];
  const end = leavesOut.has(oddity) ? `left out, because ${consequence}` : consequence;
  return `${counted(count, what)}, first at record ${first}: ${end}.`;
}
