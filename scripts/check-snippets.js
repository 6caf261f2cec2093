// Documentation shows code that runs: a code block after `<!-- snippet: PATH -->` must be the file of that path, which
// a test runs. `--write` brings the blocks up to date instead of complaining. `<!-- snippet: PATH, at most 40 lines -->`
// also holds the file to so many lines of code.
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

const snippet = /(<!-- snippet: ([^\s,]+)(?:, at most (\d+) lines)? -->\n+```\w*\n)([\s\S]*?)(```)/g;
const isWriting = process.argv.includes("--write");
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
});
const stale = [];
const tooLong = [];

for (const document of documents.trim().split("\n")) {
  const text = readFileSync(document, "utf8");
  const current = text.replace(snippet, (_, head, path, limit, _body, tail) => {
    const code = readFileSync(path, "utf8");
    const lines = code.split("\n").filter((line) => line.trim() !== "").length;
    if (lines > Number(limit ?? Infinity))
      tooLong.push(`${path} has ${lines} lines of code, ${document} allows ${limit}`);
    return head + code + tail;
  });
  if (current === text) continue;
  stale.push(document);
  if (isWriting) writeFileSync(document, current);
}

if (stale.length > 0 && !isWriting) {
  console.error(`Snippets differ from the code that is tested: ${stale.join(", ")}`);
  console.error("Run: npm run docs");
  process.exitCode = 1;
}

if (tooLong.length > 0) {
  console.error(`${tooLong.join(".\n")}.`);
  process.exitCode = 1;
}
