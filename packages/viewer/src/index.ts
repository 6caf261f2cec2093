/**
 * Exports iModels, to look at them without a cloud account. The command `connector-runner export` uses it, and so can
 * programs.
 *
 * @packageDocumentation
 */
export { exportGlb } from "./gltf/exportGlb.js";
export { export3dTiles } from "./tiles/export3dTiles.js";
export type { Compression, ExportProgress, GraphicsExport, GraphicsExportOptions } from "./graphics/GraphicsExport.js";
export type { GraphicsIssue } from "./graphics/GraphicsReader.js";
export type { ElementFilter } from "./graphics/Layer.js";
export { takePicture } from "./picture/takePicture.js";
export type { Picture, PictureOptions, PictureView } from "./picture/takePicture.js";
export { serveIModel } from "./server/serveIModel.js";
export type { IModelServer, IModelServerOptions, TileFile, TileProvider } from "./server/serveIModel.js";
export { exportTable } from "./tables/exportTable.js";
export type { TableExport, TableExportOptions, TableFormat, TableIssue } from "./tables/TableExport.js";
export { checkReportPath } from "./report/reportPlace.js";
export { writeReport } from "./report/writeReport.js";
export type { ReportOptions, WrittenReport } from "./report/writeReport.js";
export type { ReportedRun } from "./report/describeRun.js";
export { viewVersions } from "./view/viewVersions.js";
export type { ViewVersionsOptions } from "./view/viewVersions.js";
export { viewIModel } from "./view/viewIModel.js";
export type { ViewOptions } from "./view/viewIModel.js";
