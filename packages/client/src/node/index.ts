/**
 * What only Node can do for a client: upload files on disk, and run manifests that name them.
 *
 * @packageDocumentation
 */
export { openFile } from "./openFile.js";
export { runManifestFile, type RunManifestFileOptions } from "./runManifestFile.js";
