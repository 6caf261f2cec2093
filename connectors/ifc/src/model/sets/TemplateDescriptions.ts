import type { IfcFile } from "../IfcFile.js";
import type { SurveyedSet } from "../records.js";

/** What an IfcPropertySetTemplate says. */
interface TemplateTexts {
  readonly description?: string;
  readonly properties: ReadonlyMap<string, string>;
}

/** The descriptions that an IfcPropertySetTemplate gives a set and its properties, by the name of the set. */
export class TemplateDescriptions {
  private readonly _templates = new Map<string, TemplateTexts>();

  public constructor(private readonly _file: IfcFile) {
    for (const id of _file.all("IFCPROPERTYSETTEMPLATE")) {
      const name = _file.text(id, "Name");
      if (name !== undefined && !this._templates.has(name)) this._templates.set(name, this._read(id));
    }
  }

  /** A set with the descriptions of its template, where its values have none of their own. */
  public describe(set: SurveyedSet): SurveyedSet {
    const template = this._templates.get(set.name);
    if (template === undefined) return set;
    const { description, properties } = template;
    const values = set.values.map((value) => {
      const text = value.description ?? properties.get(value.label);
      return { ...value, ...(text !== undefined && { description: text }) };
    });
    return { ...set, ...(description !== undefined && { description }), values };
  }

  private _read(id: number): TemplateTexts {
    const templates = this._file.references(id, "HasPropertyTemplates");
    const texts = templates.map((template) => ["Name", "Description"].map((name) => this._file.text(template, name)));
    const properties = texts.filter((pair): pair is [string, string] => pair.every((text) => text !== undefined));
    const description = this._file.text(id, "Description");
    return { ...(description !== undefined && { description }), properties: new Map(properties) };
  }
}
