// The text of ENTITIES.md, from the tables of the connector.
import { IfcSchema } from "../lib/model/editions/IfcSchema.js";
import { outcomeOf } from "./entityOutcomes.js";

/** Later editions first: what they say of an entity counts. */
const editions = ["IFC4X3", "IFC4", "IFC2X3"];

/** The text of the document. */
export function entitiesText() {
  const groups = groupByOutcome();
  const isLink = (outcome) => /link|type of an element|aspect of the entities that have what/.test(outcome);
  const relationships = groups.filter(([outcome]) => isLink(outcome));
  const others = groups.filter(([outcome]) => !isLink(outcome));
  const list = (parts) => parts.map(([outcome, names]) => `- **${capitalize(outcome)}**: ${names.join(", ")}`);
  return [
    "# What becomes of each entity of IFC",
    "",
    "All entities of IFC2X3, IFC4 and IFC4X3, by what they become in the iModel. `node connectors/ifc/scripts/write-entities.js` writes this list from the code of the connector. An instance to which nothing refers that is imported is reported as not imported.",
    "",
    "## Entities and what belongs to them",
    "",
    ...list(others),
    "",
    "## Relationships",
    "",
    ...list(relationships),
    "",
  ].join("\n");
}

function groupByOutcome() {
  const groups = new Map();
  const seen = new Set();
  for (const schema of editions.map((edition) => IfcSchema.find(edition)))
    for (const type of schema.types) {
      if (seen.has(type)) continue;
      seen.add(type);
      const outcome = outcomeOf(schema, type);
      groups.set(outcome, [...(groups.get(outcome) ?? []), schema.spell(type)]);
    }
  const sorted = [...groups].map(([outcome, names]) => [outcome, names.sort()]);
  return sorted.sort(([, [left]], [, [right]]) => (left < right ? -1 : 1));
}

function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
