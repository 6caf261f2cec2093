import { anything, isRecord, list, record, shaped, within, type Shape } from "./shapes.js";
import type { ValueFault } from "./ValueFault.js";

/** The lists of values of a mesh with the lists of indices into them, which run along with the indices of its points. */
const indexed = [
  ["point", "pointIndex"],
  ["normal", "normalIndex"],
  ["param", "paramIndex"],
  ["color", "colorIndex"],
] as const;

const values = shaped("an array", Array.isArray);

/** A mesh: an iModel drops the whole geometry of an element with an index that leads nowhere. */
export function meshShape(point: Shape): Shape {
  const members = record(
    { point: list(point, 1), pointIndex: values },
    {
      ...{ normal: values, normalIndex: values, param: values, paramIndex: values, color: values, colorIndex: values },
      ...{ numPerFace: anything, expectedClosure: anything, twoSided: anything, auxData: anything, tags: anything },
      ...{ edgeMateIndex: anything, faceData: anything },
    },
  );
  return (value) => members(value) ?? (isRecord(value) ? indicesFault(value) : undefined);
}

function indicesFault(mesh: Readonly<Record<string, unknown>>): ValueFault | undefined {
  for (const [name, key] of indexed) {
    const indices = mesh[key] as unknown[] | undefined;
    if (indices === undefined) continue;
    const fault = indexFault(
      indices,
      (mesh[name] as unknown[] | undefined)?.length ?? 0,
      mesh.pointIndex as unknown[],
      name,
    );
    if (fault !== undefined) return within(`.${key}`, fault);
  }
  return undefined;
}

function indexFault(
  indices: unknown[],
  count: number,
  pointIndices: readonly unknown[],
  name: string,
): ValueFault | undefined {
  const { length } = pointIndices;
  if (indices.length !== length || length === 0)
    return { property: "", value: indices, expected: `as many indices as pointIndex has, and some` };
  if (indices[0] === 0)
    return { property: "[0]", value: 0, expected: "an index of the first face: indices begin with 1" };
  for (let at = 0; at < length; at++) {
    const index = indices[at] as number;
    if (!Number.isInteger(index) || Math.abs(index) > count)
      return {
        property: `[${at}]`,
        value: index,
        expected: `0 for the end of a face, or a whole number up to ${count}, the number of its ${name}s`,
      };
    if ((index === 0) !== (pointIndices[at] === 0))
      return { property: `[${at}]`, value: index, expected: "0 where a face ends in pointIndex, and nowhere else" };
  }
  return undefined;
}
