import { Code, GeometryStreamBuilder, type GeometryStreamProps, type PhysicalElementProps } from "@itwin/core-common";
import type { Id64String } from "@itwin/core-bentley";
import { Box, Point3d, Range3d } from "@itwin/core-geometry";

/** An entity of the generated source. */
export interface BoxEntity {
  id: string;
  checksum: string;
  /** In metres. */
  origin: [number, number, number];
}

/** Where the elements of the boxes go. */
export interface BoxPlace {
  model: Id64String;
  category: Id64String;
  /** Whether the elements get geometry; without it a million of them are made in a bearable time. */
  geometry: boolean;
}

/** One entity in a hundred changes or is deleted. */
export const isOneInHundred = (index: number) => index % 100 === 50;

/**
 * Generates a source. Its checksums are as long as those of real connectors, and made before the clock starts: how fast a
 * source is read and hashed is its connector's affair.
 * @param revisionOf tells the revision of the entity with an index, or undefined where it is not in the source
 */
export function makeBoxes(
  count: number,
  revisionOf: (index: number) => number | undefined = () => 0,
  prefix = "box",
): BoxEntity[] {
  const boxes: BoxEntity[] = [];
  for (let index = 0; index < count; index++) {
    const revision = revisionOf(index);
    if (revision === undefined) continue;
    const id = `${prefix}-${String(index).padStart(8, "0")}`;
    const checksum = inOnePiece(`${id}-${revision}`.padEnd(22, "x"));
    boxes.push({ id, checksum, origin: [index % 1000, Math.floor(index / 1000), revision] });
  }
  return boxes;
}

/**
 * A text as a reader of files gives it. V8 keeps texts that were put together as the parts that they consist of until they
 * are first compared, which would be measured as memory that the comparing gives back.
 */
function inOnePiece(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

const unitBox: GeometryStreamProps = makeUnitBox();

/** The element of a box, the same for everyone who is measured. */
export function boxProps({ id, origin }: BoxEntity, { model, category, geometry }: BoxPlace): PhysicalElementProps {
  return {
    classFullName: "Generic:PhysicalObject",
    model,
    category,
    code: Code.createEmpty(),
    userLabel: id,
    placement: { origin, angles: {} },
    geom: geometry ? unitBox : undefined,
  };
}

function makeUnitBox(): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  builder.appendGeometry(Box.createRange(Range3d.create(Point3d.create(0, 0, 0), Point3d.create(1, 1, 1)), true)!);
  return builder.geometryStream;
}
