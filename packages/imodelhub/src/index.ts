/**
 * Lets runs of connectors synchronize iModels on iModelHub. The framework loads this package when a run names an iModel
 * there; nothing needs to be imported from it.
 *
 * @packageDocumentation
 */
export { openIModelOnHub } from "./IModelOnHub.js";
