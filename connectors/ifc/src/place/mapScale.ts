import type { GeoReference } from "../model/records.js";

/** A metre of the file is a metre on the map but for the projection, which changes it by less than this share. */
export const mostDistortion = 0.02;

/** Metres on the map for each metre of the file. */
export interface MapScale {
  readonly scale: number;
  /** What is wrong with what the file says. */
  readonly fault?: string;
}

/**
 * The scale of a map conversion. It is units of the map for each unit of the file, but many programs write metres for each
 * metre. A scale that is not near 1 in either reading is taken for 1.
 * @param metresPerLength - metres in the file's unit of length
 * @param metresPerMapUnit - metres in the unit of the map
 */
export function mapScale(
  { entity, scale, factors }: GeoReference,
  metresPerLength: number,
  metresPerMapUnit: number,
): MapScale {
  const [factorX, factorY] = factors ?? [1, 1];
  const factor = Math.sign(factorX) * Math.sqrt(Math.abs(factorX * factorY));
  const inUnits = (scale ?? 1) * (metresPerMapUnit / metresPerLength) * factor;
  const readings = scale === undefined ? [factor] : [inUnits, scale * factor];
  const fitting = readings.find((value) => Math.abs(value - 1) <= mostDistortion);
  if (fitting === undefined) {
    const given =
      factors === undefined ? `Scale ${scale}` : `Scale ${scale ?? 1} with FactorX ${factorX}, FactorY ${factorY}`;
    return {
      scale: 1,
      fault: `${entity} has the ${given}: a metre of the file would be ${short(inUnits)} m on the map, or ${short((scale ?? 1) * factor)} m if lengths are converted already. It should be 1 within ${mostDistortion * 100} %, and is taken for 1.`,
    };
  }
  return { scale: fitting, ...faultOfFactors(entity, factors) };
}

/** A frame has one scale for both directions, and none for heights. */
function faultOfFactors(entity: string, factors: GeoReference["factors"]): { fault?: string } {
  const [x, y, z] = factors ?? [1, 1, 1];
  const ignored = [
    ...(Math.abs(x / y - 1) > 1e-9 ? [`FactorX ${x} and FactorY ${y} differ; their mean is used`] : []),
    ...(Math.abs(z - 1) > 1e-9 ? [`FactorZ ${z} is not used: heights are not scaled`] : []),
  ];
  return ignored.length === 0 ? {} : { fault: `${entity}: ${ignored.join("; ")}.` };
}

function short(value: number): number {
  return Number(value.toPrecision(6));
}
