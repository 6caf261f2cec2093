// Bundles the page of the viewer and the script of reports into lib/page, with everything that it needs, so that it works offline.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src/page");
const target = join(root, "lib/page");

mkdirSync(target, { recursive: true });
for (const file of ["index.html", "style.css"]) copyFileSync(join(source, file), join(target, file));
const bundle = (name, format, legalComments) =>
  build({
    entryPoints: [join(source, `browser/${name}.ts`)],
    outfile: join(target, `${name}.js`),
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    legalComments,
    logLevel: "warning",
  });
await bundle("main", "esm", "linked");
await bundle("report", "iife", "eof"); // a page from the disk may not load modules, and the licenses travel with it
