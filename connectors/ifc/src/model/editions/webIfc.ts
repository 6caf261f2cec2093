import { createRequire } from "node:module";

/**
 * web-ifc by `require`: to import it, Node reads its 6 MB once more in search of the names of what it exports, which takes
 * longer than all the rest of its start.
 */
export const webIfc = createRequire(import.meta.url)("web-ifc") as typeof import("web-ifc");
