import { BufferGeometry, Group, Line, LineBasicMaterial, Vector3 } from "three";
import type { Box, ElementChange } from "../apiTypes.js";

/** Half a millimetre: elements that moved less than this are where they were. */
const tolerance = 5e-4;

/** Elements that are at another place than before. */
export function movedElements(changes: readonly ElementChange[]): ElementChange[] {
  return changes.filter(({ box, boxBefore }) => box && boxBefore && moveOf(boxBefore, box).length() > tolerance);
}

/** Lines from where elements were to where they are. */
export function moveLines(changes: readonly ElementChange[]): Group {
  const group = new Group();
  const material = new LineBasicMaterial({ color: 0xb35c00, depthTest: false });
  for (const { box, boxBefore } of movedElements(changes)) {
    if (box === undefined || boxBefore === undefined) continue;
    const line = new Line(new BufferGeometry().setFromPoints([new Vector3(), moveOf(boxBefore, box)]), material);
    line.position.copy(centerOf(boxBefore));
    group.add(line);
  }
  return group;
}

function moveOf(before: Box, after: Box): Vector3 {
  return centerOf(after).sub(centerOf(before));
}

function centerOf({ low, high }: Box): Vector3 {
  return new Vector3(...low).add(new Vector3(...high)).multiplyScalar(0.5);
}
