import { fileURLToPath } from "node:url";
import { contentSecurityPolicy } from "../server/answers.js";

/** The files of the page, as the build makes them. */
export const pageFolder = fileURLToPath(new URL("../page/", import.meta.url));

/**
 * The page of the viewer, for the service, which has the data and the tiles itself.
 * @internal
 */
export const viewerPage: {
  /** The folder with `index.html` and all that belongs to it. */
  readonly folder: string;
  /** What the page may load and run: the value of its header `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
} = { folder: pageFolder, contentSecurityPolicy };
