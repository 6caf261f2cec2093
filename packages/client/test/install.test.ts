import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute } from "../../../test/support/commandLine.js";
import { temporaryFolder } from "../../../test/support/temporary.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const measureInstall = fileURLToPath(new URL("../../../scripts/measure-install.js", import.meta.url));

describe("The package of the client @all", () => {
  it("installs into an empty project with at most 6 packages and 1 MB, and both entries can be imported", async () => {
    const project = temporaryFolder();
    const measured = await execute(process.execPath, [measureInstall, packageFolder, project]);
    expect(measured.exitCode, measured.stderr).to.equal(0);
    const { packages, bytes } = JSON.parse(measured.stdout) as { packages: number; bytes: number };
    expect(packages).to.be.at.most(6);
    expect(bytes).to.be.at.most(1_000_000);

    writeFileSync(
      join(project, "use.js"),
      `import { populate } from "itwin-connector-client";
      import { openFile } from "itwin-connector-client/node";
      console.log(typeof populate, (await openFile("package.json")).name);`,
    );
    const used = await execute(process.execPath, ["use.js"], { cwd: project });
    expect(used.stdout, used.stderr).to.equal("function package.json\n");
  });
});
