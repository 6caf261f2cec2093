import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ClientTest } from "../../packages/client/test/ClientTest.js";
import { repositoryFile } from "../../packages/service/test/endToEnd/ServedIModel.js";
import { commandLine, connectorRunner, type Outcome } from "../support/commandLine.js";
import { placeDatabase } from "../support/databases.js";
import { temporaryFolder } from "../support/temporary.js";
import { expectFailure } from "../support/Workplace.js";

const pumps = "id,name\n1,Pump\n2,Pump\n";

describe("connector-runner populate", function () {
  let test: ClientTest;
  let target: string[];
  before(async () => {
    test = await ClientTest.start({ manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
    const iModelId = await test.createIModel("Plant");
    target = ["--url", test.service.url, "--credentials", test.service.credentialsPath, "--imodel", iModelId];
  });
  after(() => test.close());

  const populate = async (...args: string[]): Promise<Outcome> => connectorRunner(["populate", ...target, ...args]);

  it("brings files in and prints their final status", async () => {
    const { exitCode, stdout, stderr } = await populate(test.write("a.csv", pumps));
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.match(/a\.csv .*SHELLEDWCSV .*Success .*2 new, 0 changed/);
    expect(stdout.trimEnd().split("\n").at(-1)).to.match(/^Success: http:.*\/runs\/[\da-f-]{36}$/);
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).to.equal("uploading a.csv, 22 B");
    expect(lines[1]).to.match(/^run http/);
    expect(lines.at(-1)).to.equal("Completed, MasterFile, 1 of 1 done");
  });

  it("tells programs the same as JSON, and nothing else @all", async () => {
    const { exitCode, stdout, stderr } = await populate(
      "--json",
      test.write("b.csv", 'id,name\n1,"Pump\n'),
      "--url",
      test.service.url,
    );
    expect([exitCode, stderr]).to.deep.equal([4, ""]);
    const result = JSON.parse(stdout) as { result: string; files: { name: string; error: { code: string } }[] };
    expect(result.result).to.equal("Error");
    expect(result.files[0]!.name).to.equal("b.csv");
    expect(result.files[0]!.error.code).to.match(/^csv\//);
  });

  it("takes a connector type for each file, and says what can be done where one fails", async () => {
    const files = [test.write("c.csv", pumps), test.write("c.dgn", "dgn")];
    const { exitCode, stdout } = await populate(
      "--connector-type",
      "SHELLEDWCSV",
      "--connector-type",
      "MSTN",
      ...files,
    );
    expect(exitCode).to.equal(3);
    expect(stdout).to.match(/c\.dgn: error \[service\/unknown-connector-type\] .*MSTN.*\n {2}\S/);
    expect(stdout).to.match(/\nPartialSuccess: /);
  });

  it("sets options of the connection, names them, and refuses wrong ones before anything is sent @all", async () => {
    const path = test.write("o.csv", pumps);
    const { exitCode, stdout } = await populate("--max-deletions", "0", "--schemaContract", "freeze", "--strict", path);
    expect(exitCode).to.equal(0);
    expect(stdout).to.contain("\nOptions of the connection: strict true, maxDeletions 0, schemaContract freeze");
    test.write("o.csv", "id,name\n1,Pump\n");
    const refused = await populate(path);
    expect(refused.exitCode).to.equal(4);
    expect(refused.stdout).to.contain("run again with maxDeletions 1, or none for no limit");
    expect((await populate("--max-deletions", "none", path)).exitCode).to.equal(0);
    for (const [flag, code] of [
      ["--max-deletions=half", "usage/max-deletions"],
      ["--schema-contract=frozen", "usage/schema-contract"],
    ] as const)
      expectFailure(await populate(flag, test.write("never.csv", pumps)), 2, `error [${code}]`);
    expect(await test.storedFiles()).not.to.have.property("never.csv");
  });

  it("does not wait for the end with --no-wait; follow waits for it later @all", async () => {
    const path = test.write("d.csv", pumps);
    const started = await populate("--no-wait", path);
    expect(started.exitCode).to.equal(0);
    const [, line] = /Follow it: connector-runner (.*)/.exec(started.stdout)!;
    const followed = await connectorRunner(line!.split(" "));
    expect(followed.exitCode, followed.stderr).to.equal(0);
    expect(followed.stdout).to.match(/d\.csv .*SHELLEDWCSV .*Success/);
  });

  it("stops waiting at Ctrl-C, and says how to look again; the run goes on @all", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},Pump`).join("\n");
    const path = test.write("e.csv", `id,name\n${rows}\n`);
    const child = spawn(process.execPath, [commandLine, "populate", ...target, path], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const isFirst = !stderr.includes("Executing");
      stderr += text;
      if (isFirst && stderr.includes("Executing")) child.kill("SIGINT"); // a second one ends it at once
    });
    const [exitCode] = (await once(child, "exit")) as [number];
    expect(exitCode, stderr).to.equal(130);
    const [, line] = /The run continues. Follow it: connector-runner (.*)/.exec(stderr)!;
    const followed = await connectorRunner(line!.split(" "));
    expect(followed.stdout, followed.stderr).to.match(/e\.csv .*Success .*20000 new/);
  });

  it("runs manifests with local files", async () => {
    const sourceFiles = [{ sourceFileId: "m" }];
    const { id } = await test.client().manifestConnections.create({ iModelId: target.at(-1)!, sourceFiles });
    test.write("m.csv", pumps);
    const body = { sourceFiles: [{ id: "m", name: "m.csv", url: "m.csv", connectorType: "SHELLEDWCSV" }] };
    const manifest = test.write("manifest.json", JSON.stringify(body));
    const outcome = await connectorRunner(["manifest", "run", ...target.slice(0, 4), id, manifest]);
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    expect(outcome.stdout).to.match(/m\.csv .*SHELLEDWCSV .*Success .*2 new/);
  });

  it("starts a service for one call, and finds what it has brought the next time @all", async () => {
    const folder = temporaryFolder();
    const data = join(folder, "data");
    mkdirSync(data);
    await placeDatabase(data);
    const config = join(folder, "service.json");
    const connectors = { SHELLEDWCSV: { module: repositoryFile("connectors/csv/lib/index.js") } };
    const clients = [{ id: "other", secret: "other" }]; // which have no business in this call
    writeFileSync(config, JSON.stringify({ connectors, clients }));
    const local = async (content: string, ...more: string[]) => {
      const args = ["populate", "--local", "--data", data, test.write("site.csv", content), ...more];
      const outcome = await connectorRunner(args, { cwd: repositoryFile("") });
      expect(outcome.exitCode, outcome.stderr).to.equal(0);
      if (!more.includes("--json")) expect(outcome.stdout + outcome.stderr).not.to.contain("http"); // the service has ended
      return outcome.stdout;
    };
    // With the connectors that are installed where it is called, then with those of a configuration.
    const first = JSON.parse(await local(pumps, "--json")) as { files: { message: string }[] };
    expect(first.files[0]!.message).to.equal("2 new, 0 changed, 0 unchanged, 0 deleted.");
    const second = await local(`${pumps}3,Fan\n`, "--config", config);
    expect(second).to.match(/site\.csv .*Success .*1 new, 0 changed, 2 unchanged, 0 deleted/);
    expect(second).to.contain("\nSuccess\n");
    expect(second).to.contain(`The iModel is in ${data}. Look at it: connector-runner serve --data ${data}`);
  });

  const wrong: [title: string, args: string[], code: string, message: string][] = [
    ["no service", ["assets/plant.csv"], "usage/service", "--local"],
    ["no file", ["--local"], "usage/arguments", "Not enough non-option arguments"],
    [
      "a URL that is none",
      ["--url", "nowhere", "--token", "t", "--imodel", "x", "README.md", "--connector-type", "A"],
      "usage/url",
      "nowhere",
    ],
    ["nothing to sign in with", ["--url", "http://127.0.0.1:1", "assets/plant.csv"], "usage/token", "--token"],
    [
      "credentials that are none",
      ["--url", "http://127.0.0.1:1", "--credentials", "package.json", "assets/plant.csv"],
      "usage/credentials",
      "clientId",
    ],
    ["no waiting for a service of its own", ["--local", "--no-wait", "assets/plant.csv"], "usage/service", "--no-wait"],
    [
      "more types than files",
      ["--url", "http://x", "--token", "t", "--connector-type", "A", "--connector-type", "B", "package.json"],
      "usage/connector-types",
      "2 connector types for 1 file",
    ],
    ["a file without an extension", ["--url", "http://x", "--token", "t", "LICENSE"], "usage/no-extension", "LICENSE"],
    ["a file that is not there", ["--url", "http://x", "--token", "t", "none.csv"], "usage/no-file", "none.csv"],
    [
      "a name of an iModel without an iTwin",
      ["--url", "http://x", "--token", "t", "--imodel", "Plant", "assets/plant.csv"],
      "usage/imodel",
      "--itwin",
    ],
  ];
  for (const [title, args, code, message] of wrong)
    it(`is used wrongly with ${title}`, async () => {
      const env = { ...process.env, ITWIN_TOKEN: "", ITWIN_CLIENT_ID: "", ITWIN_CLIENT_SECRET: "" };
      const outcome = await connectorRunner(["populate", ...args], { env, cwd: repositoryFile("") });
      expectFailure(outcome, 2, code, message);
    });

  it("fails where no service listens, and says so", async () => {
    const id = "2c9ae8b0-31f9-4b0e-8d02-65b9a7de4a5e";
    const args = ["--url", "http://127.0.0.1:1", "--token", "t", "--imodel", id, "--retries", "0", "assets/plant.csv"];
    const outcome = await connectorRunner(["populate", ...args], { cwd: repositoryFile("") });
    expectFailure(outcome, 1, "client/no-answer", "http://127.0.0.1:1 cannot be reached");
  });

  it("is in the help, with its exit codes", async () => {
    for (const command of [["populate"], ["follow"], ["manifest", "run"]]) {
      const { stdout, exitCode } = await connectorRunner([...command, "--help"]);
      expect(exitCode).to.equal(0);
      expect(stdout, command[0]).to.contain("3    PartialSuccess").and.to.contain("--credentials");
    }
  });
});
