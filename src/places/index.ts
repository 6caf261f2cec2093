/**
 * Coordinate systems, places on the Earth, and the frame of an iModel.
 *
 * @packageDocumentation
 */
export { CoordinateSystem } from "./CoordinateSystem.js";
export type { CrsOptions } from "./CoordinateSystem.js";
export type { Transformation } from "./Transformation.js";
export type { Degrees } from "./datum/chooseShift.js";
export { GridFolder } from "./datum/GridFolder.js";
export type { Area, CrsNote, VerticalSystem } from "./model.js";
export { IModelFrame } from "./frame/IModelFrame.js";
export type { PlacedDocument, Placement } from "./frame/IModelFrame.js";
export { PointRange, type Bounds } from "./frame/PointRange.js";
export type { Seat } from "./frame/MapPlane.js";
export { withSource } from "./withSource.js";
