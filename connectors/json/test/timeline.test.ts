import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TableTimeline, written } from "../../../test/support/TableTimeline.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

const base = [
  { id: "P-1", name: "Pump", length: 3, built: "2020-01-31", active: true, position: { x: 1, y: 2, z: 3 } },
  { id: "P-2", name: "Valve", length: 4, built: "2021-02-28", active: false, position: { x: 4, y: 5, z: 6 } },
  { id: "P-3", name: "Manual", tags: ["a", 1], maker: null },
];
const text = (records: unknown) => JSON.stringify(records, undefined, 1);

describe("JSON files over time", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connectorModule, "parts.json")));
  const rows = (columns: string) => timeline.query(`SELECT ${columns} FROM JsonParts.Parts ORDER BY UserLabel`);

  it("become elements with properties of their paths and types", async () => {
    const { counts } = await timeline.sync(text(base));
    expect(counts).to.deep.equal({ new: 3, changed: 0, unchanged: 0, deleted: 0, replaced: 0 });
    const labels = ["position.x", "position.y", "position.z"];
    expect(timeline.properties("JsonParts:Parts")).to.deep.equal([
      "name: string",
      "length: int",
      "built: dateTime",
      "active: boolean",
      ...labels.map((label) => `${label.replace(".", "__x002E__")}: int`),
      "tags: string",
      "maker: string",
    ]);
    expect(rows("UserLabel, name, length, built, active, tags")).to.deep.equal([
      { userLabel: "P-1", name: "Pump", length: 3, built: "2020-01-31", active: true },
      { userLabel: "P-2", name: "Valve", length: 4, built: "2021-02-28", active: false },
      { userLabel: "P-3", name: "Manual", tags: '["a",1]' },
    ]);
  });

  it("take a position from the paths that the options name", async () => {
    timeline.args = { x: "position.x", y: "position.y", z: "position.z" };
    await timeline.sync(text(base));
    const shown = rows("Origin.X x0, Origin.Y y0, Origin.Z z0, length(GeometryStream) bytes");
    expect(shown.map(({ bytes, ...origin }) => bytes !== undefined && origin)).to.deep.equal([
      { x0: 1, y0: 2, z0: 3 },
      { x0: 4, y0: 5, z0: 6 },
      false,
    ]);
  });

  it("are read again in one pass, as long as they have the same keys", async () => {
    const attempts = async (records: unknown) => {
      const { phases, counts } = await timeline.sync(text(records));
      return [phases.filter(({ phase }) => phase === "source").length, counts.changed];
    };
    await timeline.sync(text(base));
    const renamed = base.map((record) => ({ ...record, name: `${record.name} 2` }));
    expect(await attempts(renamed)).to.deep.equal([1, 3]);
    const longer = renamed.map((record) => ({ ...record, maker: "M" }));
    expect(await attempts(longer), "a key had no value").to.deep.equal([2, 3]);
    const added = longer.map((record) => ({ ...record, note: "n" }));
    expect(await attempts(added), "a new key").to.deep.equal([2, 3]);
    expect(await attempts(longer), "a key is gone").to.deep.equal([2, 3]);
    expect(rows("name, maker, note")).to.deep.equal(longer.map(({ name, maker }) => ({ name, maker })));
  });

  it("are written only where they changed", async () => {
    await timeline.sync(text(base));
    expect((await timeline.sync(text(base))).documents.unchanged, "the same bytes").to.equal(1);
    const other = [...base].reverse().map((record) => Object.fromEntries(Object.entries(record).reverse()));
    const reordered = await timeline.sync(JSON.stringify(other));
    expect([written(reordered), reordered.counts.unchanged], "other order and spaces").to.deep.equal([[0, 0, 0], 3]);
    const [first, second] = base;
    const next = await timeline.sync(text([first, { ...second, name: "Big valve" }, { id: "P-4", name: "Tank" }]));
    expect(next.counts).to.deep.equal({ new: 1, changed: 1, unchanged: 1, deleted: 1, replaced: 0 });
    expect(rows("UserLabel, name")).to.deep.equal([
      { userLabel: "P-1", name: "Pump" },
      { userLabel: "P-2", name: "Big valve" },
      { userLabel: "P-4", name: "Tank" },
    ]);
  });

  it("record where each element comes from", async () => {
    await timeline.sync(text(base));
    const aspects = timeline.query("SELECT Identifier, Kind FROM bis.ExternalSourceAspect ORDER BY Identifier");
    const kinds = aspects.filter(({ identifier }) => String(identifier).startsWith("P-"));
    expect(kinds).to.deep.equal(["P-1", "P-2", "P-3"].map((identifier) => ({ identifier, kind: "Parts" })));
  });

  it("take times with a space and an offset for instants", async () => {
    timeline.args = undefined;
    await timeline.sync('[{ "id": 1, "at": "2024-01-01 12:00:00+01:00" }, { "id": 2, "at": "2024-01-01 12:00:00 Z" }]');
    const times = timeline.query("SELECT at FROM JsonParts.Parts ORDER BY UserLabel");
    expect(times).to.deep.equal([{ at: "2024-01-01T11:00:00.000Z" }, { at: "2024-01-01T12:00:00.000Z" }]);
  });

  it("may have a record on each line", async () => {
    timeline.file = "parts.jsonl";
    const lines = base.map((record) => JSON.stringify(record)).join("\n");
    expect(written(await timeline.sync(lines))).to.deep.equal([3, 0, 0]);
    expect(written(await timeline.sync(`${lines}\n\n{"id":"P-4"}\n`))).to.deep.equal([1, 0, 0]);
    timeline.file = "parts.log";
    timeline.args = { lines: true, className: "Log" };
    expect(written(await timeline.sync(lines))).to.deep.equal([3, 0, 0]);
  });

  it("may have several lists, a class for each", async () => {
    const plant = (pumps: unknown[], valves: unknown[]) =>
      text({ version: 2, notes: ["x"], pumps, site: { "gate valves": valves } });
    await timeline.sync(plant([{ id: 1, power: 2.5 }], [{ id: 1, closed: true }, { id: 2 }]));
    expect(timeline.query("SELECT UserLabel, power FROM JsonParts.Pumps")).to.deep.equal([
      { userLabel: "1", power: 2.5 },
    ]);
    expect(timeline.query("SELECT UserLabel, closed FROM JsonParts.SiteGateValves")).to.deep.equal([
      { userLabel: "1", closed: true },
      { userLabel: "2" },
    ]);
    const fewer = await timeline.sync(plant([{ id: 1, power: 3 }], [{ id: 2 }]));
    expect(written(fewer)).to.deep.equal([0, 1, 1]);
    expect(written(await timeline.sync(plant([], [{ id: 2 }]))), "an empty list").to.deep.equal([0, 0, 1]);
  });

  it("may have one list that the options name", async () => {
    timeline.args = { records: "site.valves" };
    await timeline.sync(text({ pumps: [{ x: 1 }], site: { valves: [{ id: 1 }] } }));
    expect(rows("UserLabel")).to.deep.equal([{ userLabel: "1" }]);
  });

  it("keep what a double would change, and keys that JavaScript uses itself", async () => {
    await timeline.sync(
      `[{ "id": 12345678901234567890, "long": 9007199254740993, "huge": 1e999, "tiny": 1e-999, "big": 1e20, "n": "12",
        "__proto__": { "polluted": true }, "constructor": "c", "😀": "😀", "day": "9999-12-31", "first": "1900-01-01",
        "${"k".repeat(10_000)}": 1, "toString": 5, "hasOwnProperty": null, "1": "one" }]`,
    );
    const found = timeline.query("SELECT * FROM JsonParts.Parts")[0]!;
    const values = Object.entries(found).filter(([name]) =>
      /^(userLabel|long|huge|tiny|big|n|day|first)_?$/.test(name),
    );
    expect(Object.fromEntries(values)).to.deep.equal({
      userLabel: "12345678901234567890",
      long_: "9007199254740993",
      huge: "1e999",
      tiny: "1e-999",
      big: 1e20,
      n: "12",
      day: "9999-12-31",
      first_: "1900-01-01",
    });
    expect(timeline.properties("JsonParts:Parts")).to.include("__proto____x002E__polluted: boolean");
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it("may be of any size and shape that lies across pieces of the file @all", async () => {
    const records = Array.from({ length: 20_000 }, (_, index) => ({
      id: `é${index}`,
      text: `😀\n${"ü".repeat(index % 9)}`,
    }));
    const { counts } = await timeline.sync(text(records));
    expect(counts.new).to.equal(20_000);
    expect(timeline.query("SELECT text FROM JsonParts.Parts WHERE UserLabel='é19997'")).to.deep.equal([
      { text: `😀\n${"ü".repeat(19_997 % 9)}` },
    ]);
    records[19_999]!.id = records[19_998]!.id;
    const { error } = await timeline.run(text(records));
    expect(error).to.include({ code: "json/duplicate-id" });
    expect(error!.source).to.deep.include({ record: 20_000, line: 20_000 * 4 - 2 });
  });
});
