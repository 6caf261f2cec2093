import { referencesIn } from "../../step/StepValue.js";
import type { Attachments } from "../Attachments.js";
import type { IfcFile } from "../IfcFile.js";
import type { RelationName, Relations } from "../Relations.js";

/** What decides how an instance looks, though it does not refer to it. */
const looks = ["IFCSTYLEDITEM", "IFCINDEXEDCOLOURMAP", "IFCMATERIALDEFINITIONREPRESENTATION"] as const;

/** By what an entity has a color, or is cut. The other objects of such a relationship are not needed. */
const relationships: readonly RelationName[] = ["IfcRelAssociatesMaterial", "IfcRelAggregates", "IfcRelDefinesByType"];

/**
 * All instances that web-ifc needs to mesh entities: what they reach, their openings, materials and styles, and the project
 * with its units.
 */
export function findMeshed(
  file: IfcFile,
  by: { readonly relations: Relations; readonly attachments: Attachments },
  { entities, cutsOf }: { entities: readonly number[]; cutsOf: (id: number) => readonly number[] },
): Set<number> {
  const { relations, attachments } = by;
  const found = new Set<number>();
  const queue = [...file.all("IFCPROJECT"), ...entities, ...entities.flatMap(cutsOf)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id) || file.step.typeOf(id) === undefined) continue;
    found.add(id);
    for (const value of file.step.valuesOf(id)) queue.push(...referencesIn(value));
    for (const look of looks) queue.push(...attachments.ofType(id, look));
    for (const voids of relations.relatingOf("IfcRelVoidsElement", id)) queue.push(voids.by);
  }
  addRelationships(file, by, found);
  return found;
}

/** The relationships themselves, and what is on their relating side. */
function addRelationships(
  file: IfcFile,
  { relations, attachments }: { readonly relations: Relations; readonly attachments: Attachments },
  found: Set<number>,
): void {
  const relating: number[] = [];
  for (const id of [...found])
    for (const name of relationships)
      for (const other of relations.relatingOf(name, id)) {
        found.add(other.by);
        relating.push(other.id);
      }
  for (let id = relating.pop(); id !== undefined; id = relating.pop()) {
    if (found.has(id) || file.step.typeOf(id) === undefined) continue;
    found.add(id);
    for (const value of file.step.valuesOf(id)) relating.push(...referencesIn(value));
    for (const look of looks) relating.push(...attachments.ofType(id, look));
  }
}
