import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { RunLock } from "../../src/files/RunLock.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { contentOf } from "../support/temporary.js";

describe("An iModel behind a symbolic link", () => {
  let timeline: KitTimeline;
  let file: string;

  beforeEach(async function () {
    if (process.platform === "win32") return this.skip(); // links need a right there that few users have
    timeline = new KitTimeline();
    await timeline.sync({ categories: ["Steel"], parts: [{ id: "a", size: 1 }] });
    const store = join(timeline.folder, "store");
    mkdirSync(store);
    file = join(store, "plant.bim");
    renameSync(timeline.iModelPath, file);
    symlinkSync(join("..", "store", "plant.bim"), timeline.iModelPath);
  });

  it("is synchronized where it lies, and the link stays", async () => {
    const before = contentOf(file);
    const result = await timeline.sync({ categories: ["Steel"], parts: [{ id: "a", size: 2 }] });
    expect(result.counts).to.include({ new: 0, changed: 1 });
    expect(contentOf(file)).not.to.equal(before);
    expect(lstatSync(timeline.iModelPath).isSymbolicLink()).to.equal(true);
    for (const folder of [dirname(file), dirname(timeline.iModelPath)]) expect(readdirSync(folder)).to.have.length(1);
  });

  it("is refused while another run works on the file itself", async () => {
    const lock = RunLock.acquire(file);
    try {
      expect((await timeline.run()).error).to.include({ code: "imodel/in-use" });
    } finally {
      lock.release();
    }
    expect(existsSync(`${file}.lock`)).to.equal(false);
  });
});
