import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner } from "../support/commandLine.js";
import { expectFailure } from "../support/Workplace.js";
import { temporaryFolder } from "../support/temporary.js";

describe("connector-runner serve and work", () => {
  const folder = temporaryFolder();
  const config = join(folder, "service.json");

  const wrongFiles: [title: string, text: string, message: string][] = [
    ["that is no JSON", "{", "Expected property name"],
    ["with a field that there is none of", '{ "conectors": {} }', "it cannot have the field conectors"],
    ["with a value of another kind", '{ "limits": { "runSeconds": "1 h" } }', "limits.runSeconds must be integer"],
  ];
  for (const [title, text, message] of wrongFiles)
    it(`refuse a configuration ${title}`, async () => {
      writeFileSync(config, text);
      expectFailure(await connectorRunner(["serve", "--config", config]), 2, "usage/config", config, message);
    });

  const wrongLines: [title: string, args: string[], exitCode: number, messages: string[]][] = [
    ["a configuration that is not there", ["serve", "--config", "none.json"], 2, ["there is no such file"]],
    ["a port that is none", ["serve", "--port", "99999"], 2, ["port must be <= 65535"]],
    ["a data directory that cannot be made", ["serve", "--data", "/proc/x"], 1, ["service/data-directory", "/proc/x"]],
    ["to work without a database to share", ["work"], 2, ["usage/no-database", "DATABASE_URL"]],
  ];
  for (const [title, args, exitCode, messages] of wrongLines)
    it(`refuse ${title}`, async () => expectFailure(await connectorRunner(args), exitCode, ...messages));

  it("are in the help", async () => {
    const { stdout } = await connectorRunner(["serve", "--help"]);
    expect(stdout).to.contain("--config").and.to.contain("Starts a service with the Storage and Synchronization APIs.");
  });
});
