import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { commandLine, execute } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The documents whose readers are in a clone: README files of connectors, and the guides. */
const documents = [
  ...readdirSync(join(root, "connectors")).map((name) => `connectors/${name}/README.md`),
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "write-a-connector.md") // it works in a package of its own
    .map((name) => `docs/${name}`),
];

/** The commands that bring in a file of the repository. A name without a folder is a file that the reader has. */
function jobsOf(document: string): string[] {
  const blocks = [...readFileSync(join(root, document), "utf8").matchAll(/```sh\n([\s\S]*?)```/g)];
  return blocks
    .map(([, commands]) => commands!)
    .filter((commands) => /^connector-runner .*--sourcePath \S+\//s.test(commands));
}

describe("The commands of the documentation", () => {
  for (const document of documents)
    for (const [index, job] of jobsOf(document).entries())
      it(`work from the root of the repository: number ${index + 1} of ${document}`, async () => {
        const outputDir = temporaryFolder();
        const runner = `connector-runner() { "$NODE" "$RUNNER" "$@" --outputDir "$OUTPUT"; }`;
        const env = { ...process.env, NODE: process.execPath, RUNNER: commandLine, OUTPUT: outputDir };
        const outcome = await execute("bash", ["-e", "-c", `${runner}\n${job}`], { cwd: root, env });
        expect(outcome.exitCode, outcome.stderr).to.equal(0);
        expect(readdirSync(outputDir).join()).to.match(/^[^,]+\.bim$/);
      });

  it("are found in mappings and in connectors", () => {
    expect(documents.filter((document) => jobsOf(document).length > 0)).to.include.members([
      "docs/mapping.md",
      "connectors/csv/README.md",
      "connectors/xlsx/README.md",
    ]);
  });
});
