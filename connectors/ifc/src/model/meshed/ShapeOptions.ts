/** What decides how fine curves are. */
export interface ShapeOptions {
  /** How far straight segments may be from curves, in metres. */
  readonly chordTolerance: number;
  /** In how many segments every full circle is cut; undefined where the tolerance decides. */
  readonly circleSegments?: number;
}
