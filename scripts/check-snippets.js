// Documentation shows code that runs: a code block after `<!-- snippet: PATH -->` must be the file of that path, which
// a test runs. `--write` brings the blocks up to date instead of complaining.
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

const snippet = /(<!-- snippet: (\S+) -->\n+```\w*\n)([\s\S]*?)(```)/g;
const isWriting = process.argv.includes("--write");
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
});
const stale = [];

for (const document of documents.trim().split("\n")) {
  const text = readFileSync(document, "utf8");
  const current = text.replace(snippet, (_, head, path, _body, tail) => head + readFileSync(path, "utf8") + tail);
  if (current === text) continue;
  stale.push(document);
  if (isWriting) writeFileSync(document, current);
}

if (stale.length > 0 && !isWriting) {
  console.error(`Snippets differ from the code that is tested: ${stale.join(", ")}`);
  console.error("Run: npm run docs");
  process.exitCode = 1;
}
