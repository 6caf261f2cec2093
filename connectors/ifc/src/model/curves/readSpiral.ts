import { Spiral } from "../../curves/spirals.js";
import type { IfcFile } from "../IfcFile.js";
import { NotDrawable } from "./NotDrawable.js";
import type { Measures } from "./PointReader.js";

/** The terms of polynomial spirals with the power of the distance that each one gives to the curvature. */
const powers: Readonly<Record<string, number>> = {
  ConstantTerm: 0,
  LinearTerm: 1,
  QuadraticTerm: 2,
  CubicTerm: 3,
  QuarticTerm: 4,
  QuinticTerm: 5,
  SexticTerm: 6,
  SepticTerm: 7,
};

type Angle = (distance: number) => number;

/**
 * A subtype of IfcSpiral, as long as a segment of an alignment needs it.
 * @param span - the distance at which the segment starts, and its length, in metres
 * @throws NotDrawable
 */
export function readSpiral(
  file: IfcFile,
  id: number,
  { metres }: Measures,
  [start, length]: readonly [number, number],
): Spiral {
  const term = (attribute: string) => {
    const value = file.number(id, attribute);
    return value === undefined ? undefined : value * metres;
  };
  const angle = angleOf(file, id, { term, whole: Math.abs(length) });
  return new Spiral(Math.min(0, start, start + length), Math.max(0, start, start + length), angle);
}

function angleOf(
  file: IfcFile,
  id: number,
  { term, whole }: { term: (attribute: string) => number | undefined; whole: number },
): Angle {
  switch (file.typeOf(id)) {
    case "IFCCLOTHOID":
      return power(term("ClothoidConstant"), 1);
    case "IFCCOSINESPIRAL": {
      const [byCosine, constant] = [term("CosineTerm"), power(term("ConstantTerm"), 0)];
      const [height, wave] = [byCosine ? 1 / byCosine : 0, Math.PI / whole];
      return (s) => constant(s) + (height / wave) * Math.sin(wave * s);
    }
    case "IFCSINESPIRAL": {
      const [bySine, linear, constant] = [
        term("SineTerm"),
        power(term("LinearTerm"), 1),
        power(term("ConstantTerm"), 0),
      ];
      const [height, wave] = [bySine ? 1 / bySine : 0, (2 * Math.PI) / whole];
      return (s) => constant(s) + linear(s) + (height / wave) * (1 - Math.cos(wave * s));
    }
    default: {
      const terms = Object.entries(powers).map(([attribute, exponent]) => power(term(attribute), exponent));
      if (!file.typeOf(id).endsWith("POLYNOMIALSPIRAL"))
        throw new NotDrawable(file, id, "is a spiral of a kind that is not supported");
      return (s) => terms.reduce((sum, part) => sum + part(s), 0);
    }
  }
}

/**
 * The angle that a term makes: it gives the curvature a power of the distance, divided by the next power of the term, with
 * the sign of the term.
 */
function power(term: number | undefined, exponent: number): Angle {
  if (term === undefined || term === 0) return () => 0;
  const factor = Math.sign(term) / Math.abs(term) ** (exponent + 1) / (exponent + 1);
  return (s) => factor * s ** (exponent + 1);
}
