import { existsSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { pino } from "pino";
import type { ConnectorError } from "../../../../src/ConnectorError.js";
import { withDefaults, type ManifestsConfig } from "../../src/platform/config/ServiceConfig.js";
import { FetchProcess } from "../../src/work/sources/FetchProcess.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { tasksOf, WorkTest } from "./WorkTest.js";

const never = new AbortController().signal;
const content = "id,name\n1,a\n".repeat(30_000);

/** What a server sends, byte for byte, before it closes the connection or goes on to say nothing. */
const answers: Record<string, (socket: Socket) => void> = {
  // As HTTP/1.0 servers and many proxies do.
  "/closes": (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\n`);
    socket.end(content);
  },
  "/garbage": (socket) => socket.end("\0\u0001 this is no HTTP at all\r\n\r\n"),
  "/hangs-up": (socket) => socket.destroy(),
  "/upgrades": (socket) =>
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
  "/headers": (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}\r\n\r\n`),
  "/lies": (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
  "/stalls": (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
};

describe("A process that fetches what strangers name", () => {
  let server: Server;
  let origin: string;
  const sockets = new Set<Socket>();
  const fetchers: FetchProcess[] = [];
  before(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).once("data", (data) => answers[/ (\S+)/.exec(String(data))![1]!]!(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    for (const fetcher of fetchers) fetcher.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const start = (config: Partial<ManifestsConfig> = {}): FetchProcess => {
    const manifests = { ...withDefaults({}).manifests, allowedPrivateHosts: ["127.0.0.1"], ...config };
    const fetcher = new FetchProcess(withDefaults({ manifests }), pino({ level: "silent" }));
    fetchers.push(fetcher);
    return fetcher;
  };

  /** What a path comes to: its content, or the code of the error. */
  const fetched = async (fetcher: FetchProcess, url: string, signal = never): Promise<string> => {
    const path = join(temporaryFolder(), "file");
    try {
      await fetcher.fetch({ url, path }, signal);
      return readFileSync(path, "utf8");
    } catch (error) {
      return (error as ConnectorError).code;
    }
  };

  it("reads all from a server that closes its connection after the body, again and again", async () => {
    const fetcher = start();
    for (let time = 0; time < 5; time++) expect(await fetched(fetcher, `${origin}/closes`)).to.equal(content);
    const { pid } = fetcher;
    expect(await fetched(fetcher, `${origin}/closes`)).to.equal(content);
    expect(fetcher.pid).to.equal(pid);
  });

  it("survives servers that send what is no answer", async () => {
    const fetcher = start({ timeoutSeconds: 1 });
    await fetched(fetcher, `${origin}/closes`);
    const { pid } = fetcher;
    for (const path of ["/garbage", "/hangs-up", "/headers", "/lies", "/upgrades"])
      expect(await fetched(fetcher, origin + path), path).to.equal("fetch/failed");
    expect(await fetched(fetcher, `${origin}/stalls`)).to.equal("fetch/timeout");
    expect(fetcher.pid).to.equal(pid);
  });

  it("has the limits of addresses and sizes", async () => {
    expect(await fetched(start({ allowedPrivateHosts: [] }), `${origin}/closes`)).to.equal("fetch/address-not-allowed");
    expect(await fetched(start({ maxBytes: 100 }), `${origin}/closes`)).to.equal("fetch/too-large");
  });

  it("is started again after its death, which ends what it was fetching with one error", async () => {
    const fetcher = start();
    const stalled = [`${origin}/stalls`, `${origin}/stalls`].map((url) => fetched(fetcher, url));
    const { pid } = fetcher;
    while (sockets.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(pid!, "SIGKILL");
    expect(await Promise.all(stalled)).to.deep.equal(["fetch/process-died", "fetch/process-died"]);
    expect(await fetched(fetcher, `${origin}/closes`)).to.equal(content);
    expect(fetcher.pid).not.to.equal(pid);
  });

  it("is ended if it does not keep the limit of time itself", async () => {
    const { setTimeout } = globalThis;
    let kill = () => {};
    globalThis.setTimeout = ((given: () => void, delay?: number) => {
      if (delay === 613_000) kill = given;
      return setTimeout(delay === 613_000 ? () => {} : given, delay);
    }) as typeof setTimeout;
    try {
      const stalled = fetched(start({ timeoutSeconds: 603 }), `${origin}/stalls`);
      kill();
      expect(await stalled).to.equal("fetch/process-died");
    } finally {
      globalThis.setTimeout = setTimeout;
    }
  });

  it("stops when the run is stopped", async () => {
    const stopper = new AbortController();
    const fetcher = start();
    const path = join(temporaryFolder(), "file");
    const stalled = fetcher.fetch({ url: `${origin}/stalls`, path }, stopper.signal).catch((error: unknown) => error);
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
    const reason = new Error("cancelled");
    stopper.abort(reason);
    expect(await stalled).to.equal(reason);
  });

  it("lets a task end well whose server closes after the body @all", async () => {
    const work = await WorkTest.start({ manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
    try {
      work.work();
      const file = { name: "a.csv", url: `${origin}/closes`, connectorType: "CSV" };
      const { jobs } = await work.ended(
        await work.requestManifest({ sourceFiles: [{ ...file, id: "a", action: "bridge", children: [] }] }),
      );
      expect(jobs[0]!.tasks[0]!.error?.message).not.to.match(/process/);
      expect(tasksOf({ jobs } as never)[0]!.state).to.equal("Completed");
    } finally {
      await work.close();
    }
  });
});
