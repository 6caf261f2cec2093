import type { IfcFile } from "./IfcFile.js";

/** How an instance is named to the user, such as `IfcMapConversion #32 (line 22)`. */
export function entityName(file: IfcFile, id: number): string {
  const line = file.step.lineOf(id);
  const type = file.schema.spell(file.typeOf(id));
  return `${type === "" ? "" : `${type} `}#${id}${line === undefined ? "" : ` (line ${line})`}`;
}
