import { decodeStepText } from "./stepText.js";
import { StepEnum, StepReference, StepTyped, type StepValue } from "./StepValue.js";
import { walkValues, type StepVisitor } from "./walkValues.js";

/**
 * The values of an instance, whose list the bytes begin with.
 * @param base - the offset of the bytes in the file, for the places of faults
 * @throws StepSyntaxError
 */
export function parseValues(bytes: Buffer, base = 0): StepValue[] {
  const builder = new ValueBuilder();
  walkValues(bytes, builder, base);
  return builder.values;
}

/** Makes objects of values. */
class ValueBuilder implements StepVisitor {
  /** The members so far of the innermost list, or the value of the innermost type. */
  public values: StepValue[] = [];
  private readonly _outer: StepValue[][] = [];
  private readonly _types: string[] = [];

  public attribute(): void {
    // each value is appended
  }

  public item(): void {
    // as those of attributes
  }

  public reference(id: number): void {
    this.values.push(new StepReference(id));
  }

  public number(value: number): void {
    this.values.push(value);
  }

  public text(bytes: Buffer, start: number, end: number): void {
    this.values.push(decodeStepText(bytes.subarray(start, end)));
  }

  public binary(bytes: Buffer, start: number, end: number): void {
    this.values.push(bytes.toString("latin1", start, end));
  }

  public enumeration(bytes: Buffer, start: number, end: number): void {
    this.values.push(new StepEnum(bytes.toString("latin1", start, end).toUpperCase()));
  }

  public nothing(): void {
    this.values.push(null);
  }

  public beginList(): void {
    this._outer.push(this.values);
    this.values = [];
  }

  public endList(): void {
    const list = this._leave();
    this.values.push(list);
  }

  public beginTyped(bytes: Buffer, start: number, end: number): void {
    this._types.push(bytes.toString("latin1", start, end).toUpperCase());
    this.beginList();
  }

  public endTyped(): void {
    const [value = null] = this._leave();
    this.values.push(new StepTyped(this._types.pop() ?? "", value));
  }

  private _leave(): StepValue[] {
    const inner = this.values;
    this.values = this._outer.pop() ?? [];
    return inner;
  }
}
