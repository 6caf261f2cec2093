import { readZipEntry } from "./zip.js";

/** Tags and their attributes. A value may hold a bracket. The prefixes are those that all known programs write. */
const tags = /<(style:style|style:table-properties|table:table)((?:\s(?:"[^"]*"|'[^']*'|[^"'>])*)?)>/g;

/** What an .ods says of a sheet, and the parser does not. */
export interface OdsSheet {
  name: string;
  /** Whether its style says that it is not displayed. */
  isHidden: boolean;
}

/** The sheets of an .ods by their names as its XML has them, which are those of the parser. Empty for other workbooks. */
export function readOdsSheets(workbook: Buffer): ReadonlyMap<string, OdsSheet> {
  const xml = readZipEntry(workbook, "content.xml")?.toString("utf8") ?? "";
  const hiddenStyles = new Set<string>();
  const sheets = new Map<string, OdsSheet>();
  let style = "";
  for (const [, tag, attributes = ""] of xml.matchAll(tags)) {
    const valueOf = (name: string) => attributeOf(attributes, name);
    if (tag === "style:style") style = valueOf("style:name");
    else if (tag === "style:table-properties" && valueOf("table:display") === "false") hiddenStyles.add(style);
    else if (tag === "table:table") {
      const name = valueOf("table:name");
      sheets.set(name, { name: unescape(name), isHidden: hiddenStyles.has(valueOf("table:style-name")) });
    }
  }
  return sheets;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? entity;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}

function attributeOf(attributes: string, name: string): string {
  const [, inDouble, inSingle] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  return inDouble ?? inSingle ?? "";
}
