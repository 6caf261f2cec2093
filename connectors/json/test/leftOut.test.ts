import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TableTimeline } from "../../../test/support/TableTimeline.js";

describe("What a JSON file holds beside its records", () => {
  const timeline = new TableTimeline(fileURLToPath(new URL("../src/index.ts", import.meta.url)), "site.json");

  it("is reported, value by value", async () => {
    const content = {
      version: "2",
      site: { name: "North", pumps: [{ id: 1, nested: { a: [1, 2] } }], open: true, owner: null },
      notes: ["a", "b", 3],
      empty: [],
    };
    const { notImported } = await timeline.sync(JSON.stringify(content));
    expect(notImported).to.deep.equal([
      { what: "value outside of records", reason: "only objects in lists are records", example: "version", count: 6 },
    ]);
  });

  it("is not reported if there is none, or if an option names the records", async () => {
    expect((await timeline.sync('[{ "id": 1, "name": "x" }]')).notImported).to.deep.equal([]);
    timeline.args = { records: "pumps" };
    expect((await timeline.sync('{ "version": "2", "pumps": [{ "id": 1 }] }')).notImported).to.deep.equal([]);
    timeline.args = { lines: true };
    expect((await timeline.sync('{ "id": 1 }\n{ "id": 2 }\n')).notImported).to.deep.equal([]);
  });
});
