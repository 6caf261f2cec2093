import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { commandLine, connectorRunner, treeConnector, type Outcome } from "../support/commandLine.js";
import { contentOf } from "../support/temporary.js";
import { Workplace } from "../support/Workplace.js";

/** Never ends, and is not taken for a wait for nothing. */
const lasting = "new Promise(() => setInterval(() => {}, 1000))";
/** So that the test knows that the connector is at work. */
const ready = `writeSync(2, "ready\\n");`;

/** A connector that is made of the one of the README, with other members. */
function treesWith(members: string): string {
  return `
    import { writeSync } from "node:fs";
    import TreeConnector from ${JSON.stringify(treeConnector)};
    export default class extends TreeConnector { ${members} }`;
}

const waiting = treesWith(
  `async updateExistingData() { await super.updateExistingData(); ${ready} await ${lasting}; }`,
);

const framework = new URL("../../lib/index.js", import.meta.url).href;

/** A connector whose entities are all at hand, so that it never waits for anything. */
const busy = `
  import { writeSync } from "node:fs";
  import { StreamConnector } from ${JSON.stringify(framework)};
  export default class extends StreamConnector {
    getConnectorName = () => "Busy";
    getApplicationId = () => "busy";
    getApplicationVersion = () => "1";
    *readEntities() {
      ${ready}
      for (let count = 0; count < 3_000_000; count++) yield { kind: "Same", id: "same", data: 1, toElement: () => ({ classFullName: "Generic:PhysicalObject" }) };
    }
    getSchemas() { return []; }
    getDefinitions() { return { categories: [{ name: "Busy", color: "red" }] }; }
  }`;

class InterruptedWorkplace extends Workplace {
  /** Runs a connector, and sends it a signal each time that it prints a line. */
  public async interrupt(
    code: string,
    signals: Record<string, NodeJS.Signals>,
    more: string[] = ["--outputDir", this.outputDir],
  ): Promise<Outcome> {
    const path = join(this.folder, "connector.mjs");
    writeFileSync(path, code);
    const args = ["--connectorModule", path, "--sourcePath", this.sourcePath, ...more];
    const child = spawn(process.execPath, [commandLine, ...args], { stdio: "pipe" });
    return signalled(child, signals);
  }
}

/** The outcome of a process that gets a signal as soon as it has printed a text. */
async function signalled(child: ChildProcess, signals: Record<string, NodeJS.Signals>): Promise<Outcome> {
  const outcome: Outcome = { exitCode: null, stdout: "", stderr: "" };
  const waitingFor = new Map(Object.entries(signals));
  child.stdout!.on("data", (data: Buffer) => (outcome.stdout += data.toString()));
  child.stderr!.on("data", (data: Buffer) => {
    outcome.stderr += data.toString();
    for (const [text, signal] of waitingFor)
      if (outcome.stderr.includes(text) && waitingFor.delete(text)) child.kill(signal);
  });
  [outcome.exitCode] = (await once(child, "close")) as [number | null];
  return outcome;
}

function expectInterrupted({ exitCode, stdout, stderr }: Outcome, expected = 130): void {
  expect(exitCode, stderr).to.equal(expected);
  expect(stderr.split("\n").filter((line) => line.startsWith("error"))).to.deep.equal([
    "error [run/interrupted] The run was interrupted.",
  ]);
  expect(stderr).to.match(/The run was interrupted\.\n$/);
  expect(stdout).to.equal("");
}

describe("connector-runner that is interrupted", () => {
  let workplace: InterruptedWorkplace;
  beforeEach(() => (workplace = new InterruptedWorkplace()));

  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`by ${signal} ends with one line and exit code ${exitCode}, and leaves nothing`, async () => {
      expectInterrupted(await workplace.interrupt(waiting, { ready: signal }), exitCode);
      expect(readdirSync(workplace.outputDir)).to.deep.equal([]);
    });

  it("leaves the iModel that was there, and lets the next run work @all", async () => {
    await workplace.run();
    const content = contentOf(workplace.iModelPath);
    workplace.write([]);
    expectInterrupted(await workplace.interrupt(waiting, { ready: "SIGINT" }));
    expect(readdirSync(workplace.outputDir)).to.deep.equal(["trees.bim"]);
    expect(contentOf(workplace.iModelPath)).to.equal(content);
    expect((await workplace.run()).exitCode).to.equal(0);
  });

  it("while a stream keeps it busy notices it", async () => {
    expectInterrupted(await workplace.interrupt(busy, { ready: "SIGINT" }));
    expect(readdirSync(workplace.outputDir)).to.deep.equal([]);
  });

  it("while it fetches its source leaves nothing in the cache", async () => {
    const server = createServer((_, response) => response.writeHead(200).write("the beginning"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trees.json`;
    const cache = join(workplace.folder, "cache");
    const more = ["--dmsServerUrl", url, "--cacheDirectory", cache, "--outputDir", workplace.outputDir];
    try {
      expectInterrupted(await workplace.interrupt(waiting, { "fetching the source": "SIGINT" }, more));
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(readdirSync(cache, { recursive: true }).filter((name) => String(name).includes("."))).to.deep.equal([]);
    expect(existsSync(workplace.iModelPath)).to.equal(false);
  });

  it("twice ends at once, and leaves nothing either", async () => {
    const closing = `async closeSourceData() { writeSync(2, "closing\\n"); await ${lasting}; }`;
    const code = treesWith(`async updateExistingData() { ${ready} await ${lasting}; } ${closing}`);
    const { exitCode, stderr } = await workplace.interrupt(code, { ready: "SIGINT", closing: "SIGINT" });
    expect(exitCode, stderr).to.equal(130);
    expect(readdirSync(workplace.outputDir)).to.deep.equal([]);
  });

  it("gives back the locks of a bank @all", async () => {
    const bank = join(workplace.folder, "bank");
    const more = ["--iModelBankUrl", bank, "--iModelName", "Trees", "--createiModel"];
    const cache = ["--cacheDirectory", join(workplace.folder, "cache")];
    await connectorRunner(["bank", "create", bank]);
    expectInterrupted(await workplace.interrupt(waiting, { ready: "SIGINT" }, [...more, ...cache]));
    expect(JSON.parse((await connectorRunner(["bank", "locks", bank, "Trees", "--json"])).stdout)).to.deep.equal([]);
    const args = ["--connectorModule", treeConnector, "--sourcePath", workplace.sourcePath, ...more, ...cache];
    const next = await connectorRunner([...args, "--lockRetries", "0"]);
    expect(next.exitCode, next.stderr).to.equal(0);
  });

  it("as JSON prints the result of the run", async () => {
    const more = ["--outputDir", workplace.outputDir, "--json"];
    const { exitCode, stdout } = await workplace.interrupt(waiting, { ready: "SIGINT" }, more);
    expect(exitCode).to.equal(130);
    expect((JSON.parse(stdout) as { error: unknown }).error).to.include({ code: "run/interrupted", phase: "data" });
  });

  it("while it verifies a connector leaves no temporary folder", async () => {
    const temporary = join(workplace.folder, "tmp");
    const sample = join(workplace.folder, "sample", "1-first");
    mkdirSync(temporary);
    mkdirSync(sample, { recursive: true });
    writeFileSync(join(sample, "trees.json"), "[]");
    const module = join(workplace.folder, "connector.mjs");
    writeFileSync(module, waiting);
    const args = ["verify", "--connectorModule", module, "--sample", join(workplace.folder, "sample")];
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, [commandLine, ...args], { stdio: "pipe", env });
    const { exitCode, stderr } = await signalled(child, { ready: "SIGINT" });
    expect(exitCode, stderr).to.equal(130);
    expect(stderr).to.equal("ready\nThe command was interrupted.\n");
    expect(readdirSync(temporary)).to.deep.equal([]);
  });
});
