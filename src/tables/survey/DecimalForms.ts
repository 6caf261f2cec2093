/** A decimal without its sign and its exponent: the digits after its point. */
const fractionForm = /^[^.eE]*\.(\d+)/;

/** What is known of the digits of decimals, as plain data. */
export interface DecimalState {
  /** How many decimal places the first one has. */
  readonly places?: number;
  /** Whether others have more or fewer. */
  readonly isVaried?: boolean;
  /** Whether one has a zero at its end that it does not need. */
  readonly isPadded?: boolean;
}

/**
 * Finds out whether the digits of a column's decimals follow one form, so that a number says all that its text says: either
 * the shortest one, with `.0` for whole numbers, or one with the same number of decimal places everywhere. Revisions such as
 * 1.9, 1.10 and 1.11 have neither: 1.10 is not 1.1.
 */
export class DecimalForms {
  private _places?: number;
  private _haveSamePlaces: boolean;
  private _areShortest: boolean;

  /** @param earlier - what numbers have that are not added again */
  public constructor({ places, isVaried = false, isPadded = false }: DecimalState = {}) {
    this._places = places;
    this._haveSamePlaces = !isVaried;
    this._areShortest = !isPadded;
  }

  /** Adds a number as it is written. */
  public add(text: string): void {
    const fraction = text.includes(".") ? (fractionForm.exec(text)?.[1] ?? "") : "";
    this._places ??= fraction.length;
    if (fraction.length !== this._places) this._haveSamePlaces = false;
    if (fraction.length > 1 && fraction.endsWith("0")) this._areShortest = false;
  }

  /** What all numbers so far have. */
  public get state(): DecimalState {
    const { _places: places, _haveSamePlaces, _areShortest } = this;
    return {
      ...(places !== undefined && { places }),
      ...(!_haveSamePlaces && { isVaried: true }),
      ...(!_areShortest && { isPadded: true }),
    };
  }

  /** Whether all numbers so far follow one of the forms. */
  public get areOne(): boolean {
    return this._haveSamePlaces || this._areShortest;
  }
}
