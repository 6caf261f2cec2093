/**
 * A unit of length: metre, millimetre, centimetre, kilometre, international foot, US survey foot, inch.
 * @public
 */
export type LengthUnit = "m" | "mm" | "cm" | "km" | "ft" | "us-ft" | "in";

/**
 * Metres in each unit of length. Multiply a length of the source by it to get metres.
 * @public
 */
export const metresPerUnit: Readonly<Record<LengthUnit, number>> = {
  m: 1,
  mm: 0.001,
  cm: 0.01,
  km: 1000,
  ft: 0.3048,
  "us-ft": 1200 / 3937,
  in: 0.0254,
};
