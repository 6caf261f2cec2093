import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ConnectorError, type RunResult } from "itwin-connector-framework";
import { writeReport, type ReportOptions } from "itwin-connector-viewer";
import type { Browser } from "playwright-core";
import { treeConnector } from "../../../test/support/commandLine.js";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { at, box, Scene, streamOf } from "./Scene.js";
import { ReportPage } from "./ReportPage.js";
import { startBrowser } from "./startBrowser.js";

const markup = "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--";

interface Tree {
  id: string;
  species: string;
  position: [x: number, y: number, z: number];
  radius: number;
}

const tree = (id: string, x: number, species = `Tree ${id}`, radius = 2): Tree => {
  return { id, species, position: [x, 0, 0], radius };
};

/** Trees that are synchronized again and again, with a report of each run. */
class Garden {
  public readonly report = join(temporaryFolder(), "report.html");
  private readonly _timeline = new ConnectorTimeline(treeConnector, "trees.json");

  public get folder(): string {
    return this.report.replace(".html", "_files");
  }

  /** Runs the connector, and writes a report. @param more - goes into the result of the run */
  public async run(trees: Tree[], more: Partial<RunResult> = {}, options?: ReportOptions) {
    const { iModel } = this._timeline;
    const before = existsSync(iModel) ? join(temporaryFolder(), "before.bim") : undefined;
    if (before !== undefined) copyFileSync(iModel, before);
    const started = new Date();
    const result = { ...(await this.resultOf(trees)), ...more };
    const run = { result, before, connectorModule: "trees.js", source: "trees.json", started, ended: new Date() };
    return writeReport(run, this.report, options);
  }

  public async resultOf(trees: Tree[]): Promise<RunResult> {
    return this._timeline.result(JSON.stringify(trees));
  }

  public idOf(species: string): string {
    const rows = this._timeline.query(`SELECT ECInstanceId id, UserLabel label FROM generic.PhysicalObject`);
    return String(rows.find(({ label }) => label === species)?.id);
  }
}

const first = [tree("A", 0), tree("B", 10), tree("C", 20, markup), tree("D", 30)];
/** A is as it was, B is gone, C has moved, D has grown, E is new. */
const second = [tree("A", 0), tree("C", 20, markup), tree("D", 30, "Oak", 3), tree("E", 40)].map((given) =>
  given.id === "C" ? { ...given, position: [20, 8, 0] as Tree["position"] } : given,
);

describe("The report of a run", () => {
  let browser: Browser | undefined;
  before(async function () {
    browser = await startBrowser(this);
  });
  after(async () => {
    if (browser !== undefined) await browser.close(); // else skipped
  });

  async function open(garden: Garden, look: (report: ReportPage) => Promise<void>): Promise<void> {
    const report = await ReportPage.open(browser!, garden.report);
    await look(report);
    await report.close();
  }

  it("shows a first run: everything is new, in its own colours until those of changes are asked for", async () => {
    const garden = new Garden();
    const written = await garden.run(first);
    expect(written).to.include({ path: garden.report, folder: undefined });
    expect(readdirSync(join(garden.report, ".."))).to.deep.equal(["report.html"]);
    await open(garden, async (report) => {
      const run = await (await report.panel("Run")).innerText();
      for (const text of ["The run created trees.bim.", "Trees 1.0.0", "trees.json", "Largest changes"])
        expect(run).to.contain(text);
      expect((await report.colors()).green).to.equal(0);
      await report.page.getByRole("button", { name: "Colours of changes" }).click();
      expect((await report.colors()).green).to.be.above(500);
      expect(await (await report.panel("Changes")).innerText()).to.contain("From an empty iModel to trees.bim");
    });
  });

  describe("with changes of each kind", () => {
    let garden: Garden;
    before(async () => {
      garden = new Garden();
      await garden.run(first);
      const elementId = garden.idOf("Tree A");
      await garden.run(second, {
        issues: [
          { code: "test/odd", message: `The tree is odd ${markup}`, elementId },
          { code: "test/gone", message: "This is about nothing that is there.", elementId: "0x123456" },
        ],
        notImported: [
          { what: "Leaf", reason: "leaves are too small", example: "D", count: 1200 },
          { what: "Root", reason: "below the ground", example: "somewhere", count: 1 },
        ],
      });
    });

    it("draws what is new, changed and deleted, with counts that are filters", async () => {
      await open(garden, async (report) => {
        const panel = await report.panel("Changes");
        const all = await report.colors();
        expect([all.red, all.green, all.yellow].every((count) => count > 300)).to.equal(true, JSON.stringify(all));
        await panel.getByRole("button", { name: "Deleted 1" }).click();
        await panel.getByRole("button", { name: "New 1" }).click();
        const some = await report.colors();
        expect([some.red, some.green]).to.deep.equal([0, 0]);
        expect(some.yellow).to.be.above(300);
        await panel.getByRole("button", { name: "Deleted 1" }).click();
        expect((await report.colors()).red).to.be.above(300);
      });
    });

    it("shows the old and the new value, and what a deleted element was @all", async () => {
      await open(garden, async (report) => {
        const panel = await report.panel("Changes");
        expect(await panel.innerText()).to.match(/Oak[^]*UserLabel\s+Tree D → Oak/);
        expect(await panel.innerText()).not.to.contain("Checksum");
        await panel.getByRole("button", { name: "Tree B" }).click();
        await report.details.getByText("Deleted").waitFor();
        expect(await report.details.innerText()).to.match(/Tree B[^]*Identifier\s+B/);
      });
    });

    it("leads from an issue, and from what was not imported, to the element @all", async () => {
      await open(garden, async (report) => {
        const panel = await report.panel("Run");
        await panel.getByRole("button", { name: "The tree is odd" }).click();
        await report.details.getByRole("heading", { name: "Tree A" }).waitFor();
        expect(await report.details.innerText()).to.match(/Identifier\s+A/);
        await panel.getByRole("button", { name: "D", exact: true }).click();
        await report.details.getByRole("heading", { name: "Oak" }).waitFor();
        expect(await panel.innerText()).to.contain("1,200 Leaf: leaves are too small");
        expect(await panel.getByRole("button", { name: "nothing that is there" }).count()).to.equal(0);
        expect(await panel.getByRole("button", { name: "somewhere" }).count()).to.equal(0);
      });
    });

    it("finds elements by their labels, without a network @all", async () => {
      await open(garden, async (report) => {
        const panel = await report.panel("Search");
        await panel.getByRole("searchbox").fill("tree e");
        await panel.getByRole("button", { name: "Tree E" }).click();
        await report.details.getByRole("heading", { name: "Tree E" }).waitFor();
        expect(await report.page.getByRole("tab", { name: "ECSQL" }).count()).to.equal(0);
      });
    });

    it("shows markup in names as text, and runs none of it", async () => {
      await open(garden, async (report) => {
        const panel = await report.panel("Changes");
        await panel.getByRole("button", { name: markup }).click();
        await report.details.getByRole("heading", { name: markup }).waitFor();
        expect(await report.page.locator("img").count()).to.equal(0);
        expect(await report.addScript()).to.equal("script-src-elem");
      });
    });
  });

  it("is a folder beside the page above the limit, and one file again below it @all", async () => {
    const garden = new Garden();
    const written = await garden.run(first, {}, { maxBytes: 2000 });
    expect(written).to.include({ path: garden.report, folder: garden.folder, maxBytes: 2000 });
    expect(written.bytes).to.be.above(2000);
    await open(garden, async (report) => {
      await report.page.getByRole("button", { name: "Colours of changes" }).click();
      expect((await report.colors()).green).to.be.above(500);
      const panel = await report.panel("Changes");
      await panel.getByRole("button", { name: "Tree B" }).click();
      await report.details.getByRole("heading", { name: "Tree B" }).waitFor();
    });
    await garden.run(second);
    expect(existsSync(garden.folder)).to.equal(false);
    await open(garden, async (report) => {
      expect(await (await report.panel("Changes")).innerText()).to.contain("Deleted 1");
    });
  });

  it("lists what is too much to describe, and still draws and finds it @all", async () => {
    const scene = new Scene();
    const geometry = streamOf(box());
    for (let number = 0; number < 5200; number++)
      scene.add(geometry, at((number % 72) * 3, Math.floor(number / 72) * 3, 0), { userLabel: `Box ${number}` });
    scene.save();
    const garden = new Garden();
    const result = await garden.resultOf([]);
    const run = { result: { ...result, iModelPath: scene.path }, started: new Date(), ended: new Date() };
    await writeReport(run, garden.report);
    await open(garden, async (report) => {
      expect(await (await report.panel("Changes")).innerText()).to.match(/New 5,20\d/);
      await report.page.getByRole("button", { name: "Colours of changes" }).click();
      expect((await report.colors()).green).to.be.above(20_000);
      const panel = await report.panel("Search");
      await panel.getByRole("searchbox").fill("box 5199");
      await panel.getByRole("button", { name: "Box 5199" }).click();
      await report.details.getByRole("heading", { name: "Box 5199" }).waitFor();
      expect(await report.details.innerText()).to.contain("This report is too small for them.");
    });
  });

  it("says what is missing if it was moved without its folder @all", async () => {
    const garden = new Garden();
    await garden.run(first, {}, { maxBytes: 2000 });
    rmSync(garden.folder, { recursive: true });
    const report = await ReportPage.open(browser!, garden.report);
    const message = await report.page.locator("#message").innerText();
    expect(message).to.equal("report_files/run.js cannot be read. Keep the folder report_files beside the report.");
    await report.page.close();
  });

  it("says why a run failed, without a model", async () => {
    const garden = new Garden();
    const advice = "Plant another one.";
    const error = new ConnectorError("trees/felled", `The tree ${markup} is gone.`, { phase: "data", advice });
    await garden.run(first, { error });
    await open(garden, async (report) => {
      const text = await report.page.locator("body").innerText();
      expect(text).to.contain("The run failed. The iModel is as it was before.");
      for (const part of [error.message, advice, "trees/felled in the phase data"]) expect(text).to.contain(part);
      expect(await report.page.locator("canvas").isVisible()).to.equal(false);
    });
  });

  it("shows a run without graphics @all", async () => {
    const garden = new Garden();
    await garden.run([]);
    await open(garden, async (report) => {
      expect(await report.page.getAttribute("body", "data-state")).to.equal("ready");
      expect(await (await report.panel("Run")).innerText()).to.contain("The run created trees.bim.");
    });
  });
});

describe("The place of a report", () => {
  const refusal = async (path: string) => {
    const times = { started: new Date(), ended: new Date() };
    const result = { error: new ConnectorError("test/failed", "x") } as RunResult;
    return writeReport({ result, ...times }, path).catch((error: unknown) => (error as ConnectorError).code);
  };

  it("is never another file", async () => {
    const path = join(temporaryFolder(), "page.html");
    writeFileSync(path, "<!doctype html><p>mine</p>");
    expect(await refusal(path)).to.equal("usage/file-exists");
    expect(readFileSync(path, "utf8")).to.contain("mine");
  });

  it("is never another folder", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "report_files"));
    writeFileSync(join(folder, "report_files", "mine.txt"), "mine");
    expect(await refusal(join(folder, "report.html"))).to.equal("usage/file-exists");
    expect(readdirSync(folder)).to.deep.equal(["report_files"]);
  });
});
