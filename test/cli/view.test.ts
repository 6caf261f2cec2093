import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { commandLine, connectorRunner, type Outcome } from "../support/commandLine.js";
import { expectFailure, trees, Workplace } from "../support/Workplace.js";

/** Ends what a test that failed has left. */
const running = new Set<ChildProcess>();

/** A running `connector-runner view`. */
class View {
  private readonly _outcome: Outcome = { exitCode: null, stdout: "", stderr: "" };
  private readonly _child: ChildProcess;

  public constructor(args: string[], temporary: string) {
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    this._child = spawn(process.execPath, [commandLine, "view", "--no-open", ...args], { stdio: "pipe", env });
    running.add(this._child);
    this._child.stderr?.on("data", (data: Buffer) => (this._outcome.stderr += data.toString()));
  }

  /** The address that the command prints. */
  public async address(): Promise<URL> {
    for await (const data of this._child.stdout ?? []) {
      this._outcome.stdout += String(data);
      const [line = "", ...rest] = this._outcome.stdout.split("\n");
      if (rest.length > 1) return new URL(line);
    }
    throw new Error(`It ended without an address: ${this._outcome.stderr}`);
  }

  public async end(signal: NodeJS.Signals): Promise<Outcome> {
    running.delete(this._child);
    this._child.kill(signal);
    [this._outcome.exitCode] = (await once(this._child, "exit")) as [number | null];
    return this._outcome;
  }
}

/** Asks the server behind an address. */
async function ask<T>(address: URL, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${address.searchParams.get("token")}`, "content-type": "application/json" };
  const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(new URL(path, address), init)).json()) as T;
}

interface Changes {
  before: string;
  after: string;
  counts: Record<string, number>;
}

describe("connector-runner view", () => {
  let site: Workplace;
  let temporary: string;
  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
    running.clear();
  });
  before(async () => {
    site = new Workplace();
    expect((await site.run()).exitCode).to.equal(0);
    temporary = new Workplace().folder;
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`prints the address with its token, and ends by ${signal} without an error`, async () => {
      const view = new View([site.iModelPath], temporary);
      const address = await view.address();
      expect(address.hostname).to.equal("127.0.0.1");
      expect(address.searchParams.get("token")).to.have.lengthOf.greaterThan(20);
      expect(await ask(address, "/api/model")).to.deep.include({
        name: "trees.bim",
        comparison: false,
        timeline: false,
      });
      const { stdout, ...end } = await view.end(signal);
      expect(end).to.deep.equal({ exitCode: 0, stderr: "" });
      expect(stdout).to.equal(`${address.href}\nPress Ctrl-C to end.\n`);
    });

  it("shows what changed since an earlier iModel @all", async () => {
    const earlier = join(site.folder, "earlier.bim");
    copyFileSync(site.iModelPath, earlier);
    site.write(trees.slice(1));
    await site.run();
    const view = new View([site.iModelPath, "--before", earlier], temporary);
    const { counts } = await ask<Changes>(await view.address(), "/api/changes");
    expect(counts).to.deep.include({ new: 0, deleted: 1 });
    expect((await view.end("SIGINT")).exitCode).to.equal(0);
  });

  const refused: [title: string, args: () => string[], exitCode: number, messages: string[]][] = [
    ["a file that is not there", () => ["none.bim"], 2, ["error [usage/missing-imodel]", "none.bim"]],
    ["a file that is no iModel", () => [site.sourcePath], 2, ["error [usage/not-an-imodel]", "trees.json"]],
    [
      "an earlier iModel that is not there",
      () => [site.iModelPath, "--before", "older.bim"],
      2,
      ["error [usage/missing-imodel]", "older.bim"],
    ],
    ["versions of a file", () => [site.iModelPath, "--from", "1"], 2, ["error [usage/arguments]", "in a bank"]],
    ["a file before a bank", () => ["bank", "Trees", "--before", "x"], 2, ["error [usage/arguments]", "--before"]],
    ["a bank that is not there", () => [join(site.folder, "none"), "Trees"], 1, ["error [bank/"]],
  ];
  for (const [title, args, exitCode, messages] of refused)
    it(`refuses ${title}`, async () => {
      expectFailure(await connectorRunner(["view", "--no-open", ...args()]), exitCode, ...messages);
    });

  it("refuses a port that is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = String((server.address() as AddressInfo).port);
    try {
      const outcome = await connectorRunner(["view", site.iModelPath, "--no-open", "--port", port]);
      expectFailure(outcome, 2, "error [usage/port-in-use]", port, "another port");
    } finally {
      server.close();
    }
  });

  it("is in the help", async () => {
    const { stdout } = await connectorRunner(["view", "--help"]);
    for (const text of ["view FILE", "view BANK IMODEL", "--before", "--from", "--to", "--no-open"])
      expect(stdout).to.contain(text);
    expect((await connectorRunner(["--help"])).stdout)
      .to.contain("view")
      .and.to.contain("picture");
  });

  describe("of a bank @all", () => {
    let bank: string;
    before(async () => {
      bank = join(site.folder, "bank");
      await connectorRunner(["bank", "create", bank, "Trees"]);
      const args = ["--connectorModule", site.args[1] ?? "", "--sourcePath", site.sourcePath];
      const more = [...trees, { id: "t3", species: "Elm", position: [20, 0, 0], radius: 1 }];
      for (const source of [trees, more, more.slice(1)]) {
        site.write(source);
        const run = await connectorRunner([...args, "--iModelBankUrl", bank, "--iModelName", "Trees"]);
        expect(run.exitCode, run.stderr).to.equal(0);
      }
    });

    it("shows the latest version, leads to the others, and removes its files", async () => {
      const view = new View([bank, "Trees"], temporary);
      const address = await view.address();
      const { versions, step } = await ask<{ versions: { index: number }[]; step: object }>(address, "/api/versions");
      expect(versions.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3]);
      expect(step).to.deep.equal({ to: 3 });
      const { url } = await ask<{ url: string }>(address, "/api/versions", { from: 1, to: 2 });
      const { before, after, counts } = await ask<Changes>(new URL(url), "/api/changes");
      expect([before, after]).to.deep.equal(["Trees, version 1", "Trees, version 2"]);
      expect(counts).to.deep.include({ new: 1, deleted: 0 });
      expect(await ask<{ url: string }>(address, "/api/versions", { from: 1, to: 2 })).to.deep.equal({ url });
      const wrong: [step: object, code: string][] = [
        [{ from: 2, to: 2 }, "usage/version-range"],
        [{ to: 4 }, "bank/unknown-version"],
        [{ from: 1 }, "server/request"],
        [{ to: "3" }, "server/request"],
      ];
      for (const [asked, code] of wrong)
        expect(await ask(address, "/api/versions", asked)).to.have.nested.property("error.code", code);
      expect((await view.end("SIGINT")).exitCode).to.equal(0);
      expect(readdirSync(temporary).filter((name) => name.startsWith("itwin-connector"))).to.deep.equal([]);
    });

    it("shows what changed between two versions", async () => {
      const view = new View([bank, "Trees", "--from", "2", "--to", "3"], temporary);
      const { counts } = await ask<Changes>(await view.address(), "/api/changes");
      expect(counts).to.deep.include({ new: 0, deleted: 1 });
      expect((await view.end("SIGTERM")).exitCode).to.equal(0);
    });

    it("refuses versions that there are not, or in the wrong order", async () => {
      const refuse = async (...args: string[]) => connectorRunner(["view", "--no-open", bank, "Trees", ...args]);
      expectFailure(await refuse("--to", "9"), 1, "error [bank/unknown-version]", "9");
      expectFailure(await refuse("--from", "3", "--to", "2"), 2, "error [usage/version-range]", "Version 3");
    });
  });
});
