import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, IModelBankArgs, type RunResult } from "itwin-connector-framework";
import { IModelBank } from "../../../src/bank/IModelBank.js";
import { Timeline, useFolder, useHost } from "./support.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** How often the source was opened in a run. */
function attempts({ phases }: RunResult): number {
  return phases.filter(({ phase }) => phase === "source").length;
}

describe("A CSV file that is read again", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  const rows = (select: string) => timeline.query(`SELECT ${select} FROM CsvParts.Parts ORDER BY UserLabel`);
  const base = "id,n,t\na,1,x\nb,2,y\nc,,z\n";

  it("is read in one pass as long as its columns hold what they held", async () => {
    await timeline.sync(base);
    const result = await timeline.sync("id,n,t\na,1,x\nb,7,y\nd,NA,w\n");
    expect(attempts(result)).to.equal(1);
    expect(result.counts).to.deep.equal({ new: 1, changed: 1, unchanged: 1, deleted: 1, replaced: 0 });
    expect(rows("n, t")).to.deep.equal([{ n: 1, t: "x" }, { n: 7, t: "y" }, { t: "w" }]);
  });

  for (const [what, content, values] of [
    ["a value that does not fit its column", "id,n,t\na,1,x\nb,2.5,y\nc,,z\n", { n_double: 2.5, t: "y" }],
    ["a column more", "id,n,t,u\na,1,x,\nb,2,y,3\nc,,z,\n", { n: 2, t: "y", u: 3 }],
    ["its columns in another order", "t,id,n\nx,a,1\nv,b,2\nz,c,\n", { n: 2, t: "v" }],
    ["marks alone in a column of numbers", "id,n,t\na,NA,x\nb,N/A,y\nc,-,z\n", { n_string: "N/A", t: "y" }],
  ] as const)
    it(`is surveyed again with ${what}`, async () => {
      await timeline.sync(base);
      const again = await timeline.sync(content);
      expect(attempts(again)).to.equal(2);
      const found = rows("*").find(({ userLabel }) => userLabel === "b");
      expect(found).to.deep.include(values);
      const unchanged = await timeline.sync(content, { doDetectDeletedElements: false });
      expect(unchanged.counts).to.include({ new: 0, changed: 0, deleted: 0 });
    });

  it("refuses in one pass what it refuses in two", async () => {
    await timeline.sync(base);
    for (const [content, code, line] of [
      ["id,n,t\na,1,x\na,2,y\n", "csv/duplicate-id", 3],
      ["id,n,t\na,1,x\n,2,y\n", "csv/empty-id", 3],
      ["id,n,t\n", "csv/no-rows", undefined],
    ] as const) {
      const { error } = await timeline.run(content);
      expect([error?.code, error?.source?.line]).to.deep.equal([code, line]);
    }
    expect(rows("n, t")).to.deep.equal([{ n: 1, t: "x" }, { n: 2, t: "y" }, { t: "z" }]);
  });

  it("stands where its coordinates are, also when the middle of all rows moves", async () => {
    const at = (east: number) => `id,x,y\na,500000,5800000\nb,${east},5800000\n`;
    const options = { argsJson: { crs: "EPSG:25832" } };
    await timeline.sync(at(500100), options);
    const inside = await timeline.sync(at(500050), options);
    expect([attempts(inside), inside.counts.changed]).to.deep.equal([2, 1]);
    const same = await timeline.sync(`${at(500050)}c,500020,5800000\n`, options);
    expect([attempts(same), same.counts.new]).to.deep.equal([1, 1]);
  });

  it("is surveyed where the arguments are others, and only what moved is written", async () => {
    await timeline.sync("id,n,x,y\na,1,1,2\nb,2,3,4\n");
    const result = await timeline.sync("id,n,x,y\na,1,1,2\nb,2,3,4\n", { argsJson: { x: "n", y: "y" } });
    expect([attempts(result), result.counts.changed]).to.deep.equal([1, 1]);
  });

  it("is surveyed again in a versioned iModel, where each run makes one version", async () => {
    IModelBank.create(join(folder.path, "bank"));
    const run = async (content: string) => {
      const job = { connectorModule, sourcePath: folder.write("parts.csv", content) };
      const bank = { url: join(folder.path, "bank"), iModelName: "parts", createiModel: true };
      const runner = new ConnectorRunner(
        Object.assign(new ConnectorJobDefArgs(), job),
        Object.assign(new IModelBankArgs(), bank),
        { cacheDirectory: join(folder.path, "cache") },
      );
      await runner.synchronize();
      if (runner.result.error !== undefined) throw runner.result.error;
      return [attempts(runner.result), runner.result.version?.changesetIndex, runner.result.counts.changed];
    };
    expect(await run(base)).to.deep.equal([1, 1, 0]);
    expect(await run(base.replace("b,2", "b,2.5"))).to.deep.equal([2, 2, 2]);
    expect(await run(base.replace("b,2", "b,3.5"))).to.deep.equal([1, 3, 1]);
  });
});
