import type { Elements } from "../graphics/Elements.js";
import { middleOf } from "../graphics/splitByPlace.js";

/** A tile has so many elements at most. */
const elementsOfTile = 1500;

/** A tile, with those that refine it. */
export interface Tile {
  /** The elements that the tile shows. */
  readonly members: Uint32Array;
  /** Tiles that are shown together with this one when it is near. */
  readonly children: readonly Tile[];
  /** The size of the largest element below the tile, in metres: so much is missing where only the tile is shown. */
  readonly geometricError: number;
}

/**
 * Divides elements into tiles by place and size. A tile shows the largest elements in its space, and the others are in the
 * tiles below it. Each of these covers one eighth of the space.
 */
export function makeTiles(elements: Elements, maxCount = elementsOfTile): Tile {
  return makeTile(elements, bySize(elements), maxCount);
}

/** The largest first. Those of the same size are mixed, so that the first of them are everywhere in the space. */
function bySize(elements: Elements): Uint32Array {
  const mixed = (index: number) => Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return elements.all.sort((left, right) => elements.size(right) - elements.size(left) || mixed(left) - mixed(right));
}

function makeTile(elements: Elements, members: Uint32Array, maxCount: number): Tile {
  const rest = members.subarray(maxCount);
  const children = octants(elements, rest).map((octant) => makeTile(elements, octant, maxCount));
  const [largest] = rest;
  return {
    members: members.subarray(0, maxCount),
    children,
    geometricError: largest === undefined ? 0 : elements.size(largest),
  };
}

/** The elements of each octant, in the same order. Where all are at one place they stay together. */
function octants(elements: Elements, members: Uint32Array): Uint32Array[] {
  if (members.length === 0) return [];
  const middle = middleOf(elements, members);
  const parts = Array.from({ length: 8 }, () => new Array<number>());
  for (const index of members) {
    let octant = 0;
    middle.forEach((value, axis) => (octant |= elements.center(index, axis) < value ? 0 : 1 << axis));
    parts[octant]?.push(index);
  }
  return parts.filter((part) => part.length > 0).map((part) => Uint32Array.from(part));
}
