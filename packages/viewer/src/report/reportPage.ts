import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pageFolder } from "../view/page.js";
import { reportMark } from "./reportPlace.js";

/** What stands in the page of a report. */
export interface PageContent {
  /** Parts of the data, as JSON for scripts. */
  readonly parts: ReadonlyMap<string, string>;
  /** The name of the folder beside the page that has the parts instead. */
  readonly folder: string | undefined;
}

const pageFiles = ["index.html", "style.css", "report.js"];

/** How large a page is without data, in bytes. */
export async function sizeOfEmptyPage(): Promise<number> {
  const sizes = await Promise.all(pageFiles.map(async (name) => (await stat(join(pageFolder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Writes the page of a report: one file with styles, scripts and data. Only scripts with the random number of this report
 * run, so that markup in names never does.
 * @param write - takes the text, piece by piece
 */
export async function writeReportPage(content: PageContent, write: (text: string) => Promise<void>): Promise<void> {
  const { parts, folder } = content;
  const [html = "", style = "", script = ""] = await Promise.all(
    pageFiles.map(async (name) => readFile(join(pageFolder, name), "utf8")),
  );
  const nonce = randomBytes(18).toString("base64");
  const page = html
    .replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${reportMark}\n    ${policy(nonce)}`)
    .replace('<link rel="stylesheet" href="style.css" />', () => `<style nonce="${nonce}">\n${style}</style>`)
    .replace(/ *<script.*<\/script>\n/, "")
    .replace("<body", () => `<body class="report"${folder === undefined ? "" : ` data-folder="${escape(folder)}"`}`);
  const end = page.indexOf("</body>");
  await write(page.slice(0, end));
  for (const [name, json] of parts) await write(`<script type="application/json" id="part-${name}">${json}</script>\n`);
  await write(`<script nonce="${nonce}">${withoutMarkup(script)}</script>\n  ${page.slice(end)}`);
}

/** A script of the page may contain no end of a script, and no comment of HTML. Both stand only in texts. */
function withoutMarkup(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, "\\x3C");
}

function policy(nonce: string): string {
  const rules = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src 'nonce-${nonce}'`,
    "img-src blob: data:",
    "connect-src blob: data:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}" />`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
