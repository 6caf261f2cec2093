import { expectDefined } from "../../expectDefined.js";
import type { IfcSchema } from "../editions/IfcSchema.js";
import type { NamedValue } from "../NamedValue.js";
import type { RecordedReference, SurveyedLink } from "../records.js";
import { ValueSurvey } from "../sets/SetSurvey.js";
import { linkChainOf } from "./relationshipEnds.js";

/** A class of links while it is collected. */
interface CollectedLink {
  readonly base?: string;
  copies: number;
  readonly values: ValueSurvey;
}

/** The links that every file has classes of, as those of version 0.1 had. */
const always = [
  "IFCRELCONTAINEDINSPATIALSTRUCTURE",
  "IFCRELREFERENCEDINSPATIALSTRUCTURE",
  "IFCRELVOIDSELEMENT",
  "IFCRELFILLSELEMENT",
  "IFCRELASSIGNSTOGROUP",
  "IFCRELSERVICESBUILDINGS",
  "IFCRELDEFINESBYTYPE",
] as const;

/** Collects which classes of links there are, and which properties they have. */
export class LinkSurvey {
  private readonly _links = new Map<string, CollectedLink>();

  public constructor(private readonly _schema: IfcSchema) {
    for (const type of always) this._addChain(type);
  }

  /** Takes in a reference of an entity. */
  public add(reference: RecordedReference): void {
    if ("property" in reference) return;
    const [, name, copy] = /^(.*?)(?:_(\d+))?$/.exec(reference.className) as unknown as [string, string, string?];
    const type = name.toUpperCase();
    if (!this._links.has(name)) this._addChain(type, name);
    const link = expectDefined(this._links.get(name));
    link.copies = Math.max(link.copies, Number(copy ?? 1));
    for (const value of reference.values)
      expectDefined(this._links.get(this._ownerOf(type, value, name))).values.add(value);
  }

  /** All classes, in the order of their names. */
  public get links(): SurveyedLink[] {
    const sorted = [...this._links].sort(([left], [right]) => (left < right ? -1 : 1));
    return sorted.map(([name, { base, copies, values }]) => ({
      name,
      ...(base !== undefined && { base }),
      copies,
      values: values.descriptions,
    }));
  }

  private _addChain(type: string, attributeLink?: string): void {
    const chain = linkChainOf(this._schema, type).map((member) => this._schema.spell(member));
    const names = this._schema.isA(type, "IFCRELATIONSHIP") ? chain : [expectDefined(attributeLink)];
    for (const [index, name] of names.entries())
      if (!this._links.has(name))
        this._links.set(name, { base: names[index - 1], copies: 1, values: new ValueSurvey() });
  }

  /** The highest class of the chain that has the attribute to which a value belongs. */
  private _ownerOf(type: string, { label }: NamedValue, name: string): string {
    const [attribute = label] = /^[^. ]+/.exec(label) ?? [];
    const owner = linkChainOf(this._schema, type).find((member) => this._schema.indexOf(member, attribute) >= 0);
    return owner === undefined ? name : this._schema.spell(owner);
  }
}
