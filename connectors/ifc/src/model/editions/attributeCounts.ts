import type { IfcFile } from "../IfcFile.js";
import { entityName } from "../entityName.js";
import type { ReportedIssue } from "../records.js";

/** Instances with more or fewer values than their type has attributes: the values may belong to other attributes. */
export function checkAttributeCounts(file: IfcFile): ReportedIssue[] {
  const issues: ReportedIssue[] = [];
  for (const type of file.step.types) {
    const expected = file.schema.attributesOf(type).length;
    if (expected === 0) continue;
    for (const [length, { first, count }] of file.step.lengthsOf(type)) {
      if (length === expected) continue;
      const example = entityName(file, first);
      const which = count === 1 ? `${example} has` : `${count} instances such as ${example} have`;
      const message = `${which} ${valuesOf(length)}, but ${file.schema.spell(type)} has ${expected} attributes in ${file.schema.name}. The values are taken in order and can be those of other attributes. Export the file again, or correct its FILE_SCHEMA.`;
      issues.push({ code: "ifc/attribute-count", message });
    }
  }
  return issues;
}

function valuesOf(count: number): string {
  return count === 1 ? "1 value" : `${count} values`;
}
