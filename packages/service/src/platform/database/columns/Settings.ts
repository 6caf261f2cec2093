import type { ConnectionOptions } from "./ConnectionOptions.js";

/** Settings of an iTwin, with their defaults: rest-api-more.md, section 3. */
export const iTwinDefaults = {
  uploadDgnRealityData: true,
  convertDgnTerrainModels: false,
  squashIntermediateRevisions: false,
  convertDgnHyperModelingSections: true,
  skipRvtReprojection: false,
};

/** Settings of an iModel, with their defaults. */
export const iModelDefaults = {
  clampZExtent: false,
  overrideRvtReprojectionDistance: 0,
  enableFileNamePolicy: false,
};

/** Settings of a connection, with their defaults. */
export const connectionDefaults = {
  reclassifyDgnElements: false,
  ignoreDgnAttachments: false,
  enableSheetsAndDrawings: false,
  enableC3dGraphsIn2dModel: false,
  enableSheetIndex: false,
  filterBySheetIndex: false,
};

/**
 * Settings of the service itself, which every scope can have, with their defaults. Without `maxDeletions` the framework
 * decides, by the number of entities.
 */
export const ownDefaults = { strict: false, schemaContract: "evolve" } as const;

/** What was set, on one scope or on several together. */
export type Settings = Partial<
  typeof iTwinDefaults & typeof iModelDefaults & typeof connectionDefaults & ConnectionOptions
>;
