// Preloaded in each process of the tests and measurements: they are TypeScript, and what they use is what
// `npm run build` has built.
import { register } from "node:module";

register("./hooks.mjs", import.meta.url);
