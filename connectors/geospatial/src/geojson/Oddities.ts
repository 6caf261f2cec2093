import { RecordNotes, type RecordNote } from "itwin-connector-framework/internal";
import type { SourceErrors } from "itwin-connector-framework/tables";

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
  "nested-collection": ["collections within the collection", "their features are read"],
  "bare-geometry": ["geometries in the place of features", "they are left out, because they have no attributes"],
  "not-a-feature": ["values in the place of features", "they are left out"],
  "empty-geometry": ["geometries without any position", "their features are elements without geometry"],
  "ring-order": ["polygons whose rings go in the wrong direction", "each is drawn with its first ring around it"],
  "unclosed-ring": ["rings whose last position is not the first one", "they are closed"],
  "not-a-number": ["features with NaN or Infinity", "these values are read as empty"],
  "some-ids": ["features with an identifier, beside others that have none", "identifiers of features are not used"],
};

/** Takes note of what is odd in a GeoJSON file, or refuses it. */
export class Oddities {
  private _notes = new RecordNotes<Oddity>();

  /** @param _isStrict - whether what is odd is refused */
  public constructor(
    private readonly _errors: SourceErrors,
    private readonly _isStrict: boolean,
    private readonly _report: (key: string, message: string) => void,
  ) {}

  /**
   * Takes note of an oddity, or of several of a sort.
   * @param number - of the record
   * @throws ConnectorError `geospatial/<oddity>` where what is odd is refused
   */
  public add(oddity: Oddity, number: number, count = 1): void {
    this._notes.add(oddity, number, count);
    if (!this._isStrict) return;
    throw this._errors.make(oddity, `There are ${messages[oddity][0]}.`, {
      source: { entity: `record ${number}` },
      advice: 'Correct the file, or leave out the option "strict".',
    });
  }

  /** Reports each oddity once, with how many there are. */
  public report(): void {
    this._notes.report((oddity, note) => this._report(oddity, messageOf(oddity, note)));
    this._notes = new RecordNotes();
  }
}

function messageOf(oddity: Oddity, { count, first }: RecordNote): string {
  const [what, consequence] = messages[oddity];
  return `${count} ${what}, first at record ${first}: ${consequence}.`;
}
