import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { LocalTarget } from "../../src/imodel/LocalTarget.js";
import { RunLock } from "../../src/files/RunLock.js";
import { execute } from "../support/sqlite.js";
import { temporaryFolder } from "../support/temporary.js";

const header = "SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20\0\0\0\x01\0\0\0\x02";

describe("A lock file", () => {
  let imodelPath: string;
  let lockPath: string;

  beforeEach(() => {
    imodelPath = join(temporaryFolder(), "x.bim");
    lockPath = `${imodelPath}.lock`;
  });

  const damages = {
    "is all zeros": Buffer.alloc(8192),
    "ends in its header": "SQLite format 3\0\0\0\0\0",
    "has nothing after its header": Buffer.concat([Buffer.from(header, "latin1"), Buffer.alloc(8192 - header.length)]),
    "is a text": "no lock at all\n".repeat(20),
  };
  for (const [damage, content] of Object.entries(damages))
    it(`that ${damage} is taken over`, () => {
      writeFileSync(lockPath, content);
      const lock = RunLock.acquire(imodelPath);
      expect(() => RunLock.acquire(imodelPath)).to.throw(`process ${process.pid} of`);
      lock.release();
      expect(readdirSync(dirname(imodelPath))).to.deep.equal([]);
    });

  it("of which a part was lost is taken over", () => {
    execute(lockPath, ["CREATE TABLE owner(json TEXT)", "INSERT INTO owner VALUES('x')"]);
    const script = 'const fs = require("fs"), p = process.argv[1]; fs.truncateSync(p, 4096); fs.truncateSync(p, 8192);';
    execFileSync(process.execPath, ["-e", script, lockPath]);
    RunLock.acquire(imodelPath).release();
    expect(existsSync(lockPath)).to.equal(false);
  });

  it("that two runs find damaged is taken by one of them", () => {
    writeFileSync(lockPath, Buffer.alloc(8192));
    const lock = RunLock.acquire(imodelPath);
    // What the other one does when it is late; in a process of its own, since closing the file here would drop the lock.
    execFileSync(process.execPath, ["-e", 'require("fs").truncateSync(process.argv[1])', lockPath]);
    expect(() => RunLock.acquire(imodelPath)).to.throw("in use by another run");
    lock.release();
    RunLock.acquire(imodelPath).release();
  });

  it("is let go of when it cannot be written", () => {
    execute(lockPath, ["CREATE VIEW owner AS SELECT 'nobody' AS json"]);
    expect(() => RunLock.acquire(imodelPath)).to.throw("cannot modify owner");
    execute(lockPath, ["BEGIN IMMEDIATE", "DROP VIEW owner", "COMMIT"]);
  });

  it("is let go of when the copy of the iModel cannot be removed, before a run or after it", async () => {
    const failureOf = async (work: Promise<unknown>) => work.then(undefined, (error: unknown) => error);
    const copy = `${imodelPath}.working`;
    const target = new LocalTarget(imodelPath, "snapshot", { profile: true, domain: true });
    mkdirSync(copy);
    expect(await failureOf(target.open())).to.be.instanceOf(Error);
    rmdirSync(copy);
    await target.open();
    rmSync(copy);
    mkdirSync(copy);
    expect(await failureOf(target.abandon())).to.be.instanceOf(Error);
    rmdirSync(copy);
    RunLock.acquire(imodelPath).release();
  });
});
