import { basename } from "node:path";
import { counted } from "itwin-connector-framework/internal";
import type { SourceLocation } from "itwin-connector-framework";
import type { SourceErrors } from "itwin-connector-framework/tables";

/** Takes note of something that the user should know. */
export type Report = (key: string, message: string) => void;

/** Something odd that was found, perhaps often. */
interface Oddity {
  message: string;
  first: SourceLocation;
  count: number;
}

/** What is odd about a file that can be read all the same: one issue for each kind. */
export class Oddities {
  private readonly _found = new Map<string, Oddity>();

  public constructor(
    private readonly _errors: SourceErrors,
    private readonly _isStrict: boolean,
  ) {}

  /**
   * Notes something odd.
   * @param key - the kind, and the code of the issue
   * @param message - one sentence without its full stop: what is odd, and how it is read
   * @throws ConnectorError where odd files are refused
   */
  public add(key: string, message: string, source: SourceLocation = {}): void {
    if (this._isStrict) throw this._refusal(key, message, source);
    const found = this._found.get(key);
    if (found === undefined) this._found.set(key, { message, first: source, count: 1 });
    else found.count++;
  }

  /** Reports each kind once. */
  public report(report: Report): void {
    for (const [key, { message, first, count }] of this._found) {
      const file = basename(first.file ?? this._errors.file);
      report(key, `${file}: ${message}${placeOf(first, count)}.`);
    }
  }

  private _refusal(key: string, message: string, source: SourceLocation): Error {
    return this._errors.make(key, `${message}.`, {
      source,
      advice: 'Fetch or export the file again; or read it as it is, without the option "strict".',
    });
  }
}

function placeOf({ entity, cell }: SourceLocation, count: number): string {
  if (entity === undefined) return "";
  const place = cell === undefined ? entity : `${entity}, attribute ${cell}`;
  return count === 1 ? ` (${place})` : ` (${counted(count, "time")}, first in ${place})`;
}
