import type { StepFile } from "../step/StepFile.js";
import { numberIn, numbersIn, referenceIn, referencesIn, StepEnum, textIn, type StepValue } from "../step/StepValue.js";
import type { IfcSchema } from "./editions/IfcSchema.js";

/** The instances of a file by the names of their attributes. */
export class IfcFile {
  public constructor(
    public readonly step: StepFile,
    public readonly schema: IfcSchema,
  ) {}

  /** The type of an instance, in upper case; empty for one that is not there. */
  public typeOf(id: number): string {
    return this.step.typeOf(id) ?? "";
  }

  /** Whether an instance is of a type or of a subtype of it, given in upper case. */
  public isA(id: number, type: string): boolean {
    return this.schema.isA(this.typeOf(id), type);
  }

  /** Whether a type is another one or a subtype of it, both in upper case. */
  public isTypeA(type: string, supertype: string): boolean {
    return this.schema.isA(type, supertype);
  }

  /** Whether an instance is a unit. */
  public isUnit(id: number): boolean {
    return ["IFCNAMEDUNIT", "IFCDERIVEDUNIT", "IFCMONETARYUNIT"].some((type) => this.isA(id, type));
  }

  /** The instances of a type and its subtypes, given in upper case. */
  public all(type: string): Generator<number> {
    return this.schema.instancesOf(this.step, type);
  }

  /** The value of an attribute; undefined where the type has none of that name. */
  public value(id: number, attribute: string): StepValue | undefined {
    return this.step.valuesOf(id)[this.schema.indexOf(this.typeOf(id), attribute)];
  }

  /** The text of an attribute, or the name of its enumeration value; undefined for an empty one. */
  public text(id: number, attribute: string): string | undefined {
    const value = this.value(id, attribute);
    return (value instanceof StepEnum ? value.name : textIn(value)) || undefined;
  }

  /** The number of an attribute. */
  public number(id: number, attribute: string): number | undefined {
    return numberIn(this.value(id, attribute));
  }

  /** The numbers of an attribute that is a list. */
  public numbers(id: number, attribute: string): number[] {
    return numbersIn(this.value(id, attribute));
  }

  /** The instance that an attribute refers to. */
  public reference(id: number, attribute: string): number | undefined {
    return referenceIn(this.value(id, attribute));
  }

  /** All instances that an attribute refers to. */
  public references(id: number, attribute: string): number[] {
    return [...referencesIn(this.value(id, attribute))];
  }
}
