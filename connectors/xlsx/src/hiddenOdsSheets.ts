import { readZipEntry } from "./zip.js";

/** Tags and their attributes. A value may hold a bracket. The prefixes are those that all known programs write. */
const tags = /<(style:style|style:table-properties|table:table)((?:\s(?:"[^"]*"|'[^']*'|[^"'>])*)?)>/g;

/**
 * The names of the hidden sheets of an .ods, as its XML has them: those whose style says that they are not displayed. The
 * parser does not tell. Empty for other workbooks.
 */
export function findHiddenOdsSheets(workbook: Buffer): ReadonlySet<string> {
  const xml = readZipEntry(workbook, "content.xml")?.toString("utf8") ?? "";
  const hiddenStyles = new Set<string>();
  const hiddenSheets = new Set<string>();
  let style = "";
  for (const [, tag, attributes] of xml.matchAll(tags)) {
    const valueOf = (name: string) => attributeOf(attributes!, name);
    if (tag === "style:style") style = valueOf("style:name");
    else if (tag === "style:table-properties" && valueOf("table:display") === "false") hiddenStyles.add(style);
    else if (tag === "table:table" && hiddenStyles.has(valueOf("table:style-name")))
      hiddenSheets.add(valueOf("table:name"));
  }
  return hiddenSheets;
}

function attributeOf(attributes: string, name: string): string {
  const [, inDouble, inSingle] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  return inDouble ?? inSingle ?? "";
}
