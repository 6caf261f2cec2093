const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The attributes of all tags of some names in a document, in their order. A value may hold a bracket. */
export function* tagsOf(xml: string, ...names: readonly string[]): Generator<[name: string, tag: XmlTag]> {
  const tags = new RegExp(`<(${names.join("|")})((?:\\s(?:"[^"]*"|'[^']*'|[^"'>])*)?)>`, "g");
  for (const [, name = "", attributes = ""] of xml.matchAll(tags)) yield [name, new XmlTag(attributes)];
}

/** A tag with its attributes. */
export class XmlTag {
  public constructor(private readonly _attributes: string) {}

  /** The value of an attribute as the XML has it; empty where there is none. */
  public raw(name: string): string {
    const [, inDouble, inSingle] =
      new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(this._attributes) ?? [];
    return inDouble ?? inSingle ?? "";
  }

  /** The value of an attribute. */
  public text(name: string): string {
    return unescape(this.raw(name));
  }
}

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? entity;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}
