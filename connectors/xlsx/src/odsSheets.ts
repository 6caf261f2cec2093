import { tagsOf } from "./xml.js";
import type { ZipFiles } from "./zip.js";

/** What an .ods says of a sheet, and the parser does not. */
export interface OdsSheet {
  name: string;
  /** Whether its style says that it is not displayed. */
  isHidden: boolean;
}

/**
 * The sheets of an .ods by their names as its XML has them, which are those of the parser. Empty for other workbooks. The
 * prefixes are those that all known programs write.
 */
export function readOdsSheets(files: ZipFiles): ReadonlyMap<string, OdsSheet> {
  const xml = files.get("content.xml")?.toString("utf8") ?? "";
  const hiddenStyles = new Set<string>();
  const sheets = new Map<string, OdsSheet>();
  let style = "";
  for (const [name, tag] of tagsOf(xml, "style:style", "style:table-properties", "table:table"))
    if (name === "style:style") style = tag.raw("style:name");
    else if (name === "table:table") {
      const isHidden = hiddenStyles.has(tag.raw("table:style-name"));
      sheets.set(tag.raw("table:name"), { name: tag.text("table:name"), isHidden });
    } else if (tag.raw("table:display") === "false") hiddenStyles.add(style);
  return sheets;
}
