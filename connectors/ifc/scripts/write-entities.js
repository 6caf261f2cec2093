// Writes ENTITIES.md: what becomes of every entity of IFC, as the code decides it. `npm run build` comes first.
import { writeFileSync } from "node:fs";
import { entitiesText } from "./entitiesText.js";

writeFileSync(new URL("../ENTITIES.md", import.meta.url), entitiesText());
