import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { placeDatabase } from "../../../test/support/databases.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { ServiceProcess } from "./ServiceProcess.js";

const uncaught = fileURLToPath(new URL("./uncaught.mjs", import.meta.url));

/** The lines of a log that are JSON. */
function linesOf(output: string): { level: number; pid: number; msg: string; ongoing?: object[] }[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as ReturnType<typeof linesOf>[number]);
}

describe("A service that is supervised", () => {
  let service: ServiceProcess;
  before(async () => {
    const dataDirectory = temporaryFolder();
    await placeDatabase(dataDirectory);
    service = await ServiceProcess.start("serve", { dataDirectory, workers: 0, restart: true, imports: [uncaught] });
  });
  after(() => service.end());

  it("says which request it answered when an error that nobody caught ended it, and is started again @all", async () => {
    const before = service.url;
    await fetch(`${before}/ready?uncaught`).catch(() => {}); // the connection may be cut
    await service.untilPrinted("It is started again");
    await service.untilPrinted(/listens on[^]*listens on/);
    const fatal = linesOf(service.output).find(({ level }) => level === 60)!;
    expect(fatal.msg).to.equal("an error that nobody caught ends the process");
    expect(fatal.ongoing).to.deep.include.members([{ ...fatal.ongoing![0], method: "GET", path: "/ready" }]);
    expect((await fetch(`${service.url}/ready`)).status).to.equal(200);
  });

  it("is started again when it is killed @all", async () => {
    const first = service.url;
    const { pid } = linesOf(service.output).at(-1)!;
    process.kill(pid, "SIGKILL");
    await service.untilPrinted(/ended with SIGKILL[^]*listens on/);
    expect(service.url).not.to.equal(first);
    expect((await fetch(`${service.url}/ready`)).status).to.equal(200);
  });

  it("ends at the signal to end @all", async () => {
    await service.end();
    const end = fetch(`${service.url}/health`).then(
      () => "answers",
      () => "is gone",
    );
    expect(await end).to.equal("is gone");
  });
});
