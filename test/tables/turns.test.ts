import { expect } from "chai";
import { openRecords, SourceErrors, type Table, type TableRow } from "itwin-connector-framework/tables";
import { CellReader } from "../../src/tables/cells/CellReader.js";
import { surveyTable } from "../../src/tables/survey/tableSurvey.js";
import { eachRowInTurns, eachRowOfIdsInTurns } from "../../src/imodel/queries.js";
import { createIModel } from "../support/iModels.js";

/** Goes on until the event loop has turned, or gives up. */
function* untilTurn(): Generator<number> {
  const loop = { hasTurned: false };
  setImmediate(() => (loop.hasTurned = true));
  const giveUp = performance.now() + 10_000;
  for (let number = 1; !loop.hasTurned; number++) {
    if (performance.now() > giveUp) throw new Error("the event loop does not turn");
    yield number;
  }
}

const errors = new SourceErrors("test", "/plant.db");

describe("A signal is heard", () => {
  it("while a table is surveyed whose rows are all at hand", async () => {
    const table: Table = {
      name: "pumps",
      isText: false,
      rowNoun: "row",
      locate: (row) => ({ record: row }),
      *rows(): Generator<TableRow> {
        yield { number: 0, cells: ["id"] };
        for (const number of untilTurn()) yield { number, cells: [number] };
      },
    };
    const context = { table, errors, cells: new CellReader(table) };
    expect((await surveyTable(context, { units: "m" }))!.hasRows).to.equal(true);
  });

  it("while the columns of records are found out", async () => {
    const records = function* () {
      for (const number of untilTurn()) yield { table: "pumps", fields: { number } };
    };
    expect((await openRecords({ errors, records })).tables).to.have.lengthOf(1);
  });

  it("while the rows of a query are visited, also of one about many ids", async () => {
    const imodel = createIModel();
    const visits = untilTurn();
    let rows = 0;
    const visit = () => {
      rows++;
      const end = performance.now() + 60; // longer than a loop may keep the event loop
      while (performance.now() < end);
      visits.next();
    };
    await eachRowInTurns(imodel, "SELECT ECInstanceId FROM bis.Element", visit);
    expect(visits.next().done).to.equal(true);
    expect(rows).to.be.greaterThan(2);
    const others = untilTurn();
    others.next();
    await eachRowOfIdsInTurns(
      imodel,
      ["0x1"],
      (ids) => `SELECT ECInstanceId FROM bis.Element WHERE ECInstanceId IN (${ids})`,
      visit,
    );
    expect(others.next().done).to.equal(true);
    imodel.close();
  });
});
