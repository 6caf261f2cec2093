/**
 * A unit of the platform's schema Units.
 * @public
 */
export interface Unit {
  /** Its name in the schema, such as `MM`. */
  readonly name: string;
  /** Its name with that of the schema, such as `Units.MM`: the text that can mean no other unit. */
  readonly fullName: string;
  /** Its symbol, such as `mm`; the name where the schema gives no symbol. */
  readonly label: string;
  /** The name of its quantity, such as `LENGTH`: values are converted only between units of one quantity. */
  readonly phenomenon: string;
  /** What the schema calls the quantity, such as `Length`. */
  readonly phenomenonLabel: string;
  /** The value of one such unit in the base units of the schema, which are those of SI, such as 0.001. A percent is 1. */
  readonly factor: number;
  /** What is added after that, such as 273.15 for degrees Celsius; 0 for most units. */
  readonly offset: number;
}
