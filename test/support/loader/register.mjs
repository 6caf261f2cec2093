// Preloaded in each process of the tests: they are TypeScript, and what they test is what `npm run build` has built.
import { register } from "node:module";

register("./hooks.mjs", import.meta.url);
