/** Writes the sample files: `node connectors/ifc/sample/write.js`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { house } from "./house.js";
import { works } from "./works.js";

const first = house();
const count = first.instances.length;
const backwards = {
  order: first.instances.map((_, place) => count - 1 - place),
  numberOf: (place) => 7 * (count - place),
};

const files = {
  "1-first/house.ifc": first.toText(),
  "2-changed/house.ifc": house({ wallHeight: 2.9 }).toText(),
  "3-deleted/house.ifc": house({ withTable: false }).toText(),
  "4-reordered/house.ifc": first.toText(backwards),
  "other/bungalow.ifc": house({ storeys: 1, metresPerUnit: 0.001, georeference: "map" }).toText(),
  ...Object.fromEntries(Object.entries(works).map(([name, write]) => [`works/${name}.ifc`, write()])),
};
for (const [name, text] of Object.entries(files)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
