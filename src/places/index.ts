/**
 * Coordinate systems, places on the Earth, and the frame of an iModel.
 *
 * @packageDocumentation
 */
export { CoordinateSystem } from "./CoordinateSystem.js";
export type { CrsOptions } from "./CoordinateSystem.js";
export { Transformation } from "./Transformation.js";
export { GridFolder } from "./datum/GridFolder.js";
export type { Area, CrsNote, VerticalSystem } from "./model.js";
