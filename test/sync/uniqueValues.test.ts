import { SnapshotDb } from "@itwin/core-backend";
import { Guid, type Id64String } from "@itwin/core-bentley";
import { Code, CodeScopeSpec, type PhysicalElementProps } from "@itwin/core-common";
import { expect } from "chai";
import fc from "fast-check";
import { ItemState, type ConnectorError, type Synchronizer } from "itwin-connector-framework";
import { query } from "../support/iModels.js";
import { isLongTest } from "../support/long.js";
import { createScene, sampleSchema, Job, type Item } from "./Job.js";

/** Names for values, so that a test reads the same for codes and for federation GUIDs. */
const guids: Record<string, string> = { v1: Guid.createValue(), v2: Guid.createValue(), v3: Guid.createValue() };

describe("A value that only one element can have", () => {
  let imodel: SnapshotDb;
  let job: Job;
  let spec: Id64String;

  beforeEach(async () => {
    ({ imodel, job } = await createScene(sampleSchema()));
    spec = imodel.codeSpecs.insert("Tag", CodeScopeSpec.Type.Model);
  });

  afterEach(() => imodel.close());

  const code = (value: string) => new Code({ spec, scope: job.model, value });

  for (const what of ["code", "federation GUID"] as const)
    describe(`such as a ${what}`, () => {
      const own = (value: string | undefined): Partial<PhysicalElementProps> => {
        if (what === "code") return { code: value === undefined ? Code.createEmpty() : code(value) };
        return value === undefined ? {} : { federationGuid: guids[value] };
      };
      const item = (id: string, value?: string, more: Partial<Item> = {}): Item => ({
        id,
        ...more,
        props: { ...own(value), ...more.props },
      });
      /** The value of each element, by its label. */
      const values = (): Record<string, unknown> => {
        const rows = query(imodel, "SELECT UserLabel, CodeValue, FederationGuid FROM bis.PhysicalElement");
        const nameOf = (guid: unknown) => Object.keys(guids).find((name) => guids[name] === guid);
        return Object.fromEntries(
          rows.map((row): [string, unknown] => [
            row.userLabel as string,
            what === "code" ? row.codeValue : nameOf(row.federationGuid),
          ]),
        );
      };

      for (const order of ["first", "last"])
        it(`moves to an item that comes ${order}`, () => {
          job.run([item("a", "v1"), item("b", "v2")]);
          const items = [item("a"), item("b", "v1")];
          job.run(order === "first" ? items.reverse() : items);
          expect(values()).to.deep.equal({ a: undefined, b: "v1" });
        });

      it("moves to a new item from one that vanishes", () => {
        job.run([item("a", "v1"), item("b", "v2")]);
        const sync = job.run([item("c", "v1"), item("b", "v2")]);
        expect(values()).to.deep.equal({ c: "v1", b: "v2" });
        expect(sync.statistics).to.include({ new: 1, deleted: 1, unchanged: 1, elementsInserted: 1 });
      });

      it("changes places with another one", () => {
        job.run([item("a", "v1"), item("b", "v2")]);
        const sync = job.run([item("a", "v2"), item("b", "v1")]);
        expect(values()).to.deep.equal({ a: "v2", b: "v1" });
        expect(sync.statistics).to.include({ changed: 2, elementsUpdated: 2 });
        expect(job.run([item("a", "v2"), item("b", "v1")]).statistics).to.include({ unchanged: 2, elementsWritten: 0 });
      });

      for (const direction of ["on", "back"])
        it(`is handed ${direction} in a circle of three`, () => {
          const circle = direction === "on" ? ["v2", "v3", "v1"] : ["v3", "v1", "v2"];
          const items = (given: string[]) => ["a", "b", "c"].map((id, index) => item(id, given[index]));
          job.run(items(["v1", "v2", "v3"]));
          job.run(items(circle));
          expect(values()).to.deep.equal({ a: circle[0], b: circle[1], c: circle[2] });
        });

      it("moves along elements that are replaced", () => {
        const asPump = { props: { classFullName: "Sample:Pump" } };
        job.run([item("a", "v1"), item("b", "v2"), item("c", "v3")]);
        const sync = job.run([item("a", "v2", asPump), item("b", "v3"), item("c", "v1", asPump)]);
        expect(sync.statistics).to.include({ changed: 3, replaced: 2 });
        expect(values()).to.deep.equal({ a: "v2", b: "v3", c: "v1" });
      });

      it("moves from an item to a part, and back", () => {
        const whole = (label: string, value?: string) => (sync: Synchronizer) => {
          const props = { classFullName: "Generic:PhysicalObject", model: job.model, category: job.category };
          const construct = (more: object) =>
            imodel.constructEntity<never>({ ...props, code: Code.createEmpty(), ...more } as never);
          const sourceItem = { id: label, checksum: `${value}` };
          const { state: itemState } = sync.detectChanges(job.subjectId, "Item", sourceItem);
          const part = { element: construct({ userLabel: "part", ...own(value) }), itemState };
          const element = construct({ userLabel: label });
          const childElements = value === undefined ? [] : [part];
          sync.updateIModel({ element, itemState, childElements }, job.subjectId, sourceItem, "Item");
        };
        const run = (item1: Item, ...others: ((sync: Synchronizer) => void)[]) => {
          const sync = job.start();
          job.process(sync, item1);
          for (const process of others) process(sync);
          sync.detectDeletedElements();
        };
        run(item("a", "v1"), whole("w"));
        run(item("a", "v2"), whole("w", "v1"));
        expect(values()).to.deep.equal({ a: "v2", w: undefined, part: "v1" });
        run(item("a", "v1"), whole("w", "v2"));
        expect(values()).to.deep.equal({ a: "v1", w: undefined, part: "v2" });
      });

      it("waits for the deletion where a run calls it, else for the end", () => {
        job.run([item("a", "v1"), item("b", "v2")]);
        const sync = job.start();
        job.process(sync, item("a", "v2"));
        job.process(sync, item("b", "v1"));
        expect(values().a).not.to.equal("v2");
        sync.settleUniqueValues();
        expect(values()).to.deep.equal({ a: "v2", b: "v1" });
      });

      it("is refused with both items where two want it", () => {
        job.run([item("a", "v1")]);
        const error = errorOf(() => job.run([item("a", "v1"), item("b", "v1", { kind: "Valve" })]));
        const value = what === "code" ? '"v1" of Tag' : guids.v1!;
        expect(error?.message).to.equal(`Valve "b" cannot have the ${what} ${value}, because Item "a" has it.`);
        expect(error?.code).to.equal(what === "code" ? "sync/code-in-use" : "sync/federation-guid-in-use");
      });

      it("is refused where its former item vanished, and nothing is deleted", () => {
        job.run([item("a", "v1")]);
        const sync = job.start();
        job.process(sync, item("b", "v1"));
        const error = errorOf(() => sync.settleDocuments());
        expect(error?.message).to.contain('Item "b"').and.to.contain('Item "a"');
        expect(error?.advice).to.contain("detect deletions");
      });

      it("is refused where an element has it that stands for no item", () => {
        const props = { classFullName: "Generic:PhysicalObject", model: job.model, category: job.category };
        const id = imodel.elements.insertElement({ ...props, code: Code.createEmpty(), ...own("v1") });
        expect(() => job.run([item("a", "v1")])).to.throw(
          `the Generic:PhysicalObject (${id}), which stands for no item,`,
        );
      });

      it("leaves nothing behind of an element that could not have it at once", () => {
        job.run([item("a", "v1")]);
        job.run([item("b", "v1")]);
        for (const table of ["bis_Element", "bis_GeometricElement3d"]) {
          const sql = `SELECT count(*) FROM ${table} WHERE ${table === "bis_Element" ? "ModelId" : "rowid"} IS NOT NULL`;
          const count = imodel.withSqliteStatement(sql, (statement) => {
            statement.step();
            return statement.getValueInteger(0);
          });
          const ecsql = `SELECT count(*) n FROM bis.${table === "bis_Element" ? "Element" : "GeometricElement3d"}`;
          expect(count, table).to.equal(query(imodel, ecsql)[0]?.n);
        }
        expect(values()).to.deep.equal({ b: "v1" });
      });
    });

  it("is written as the source has it, also where only its case differs", () => {
    const codes = () => query(imodel, "SELECT CodeValue FROM bis.PhysicalElement ORDER BY UserLabel");
    job.run([{ id: "a", props: { code: code("P-1") } }]);
    job.run([{ id: "a", props: { code: code("p-1") } }]);
    expect(codes()).to.deep.equal([{ codeValue: "p-1" }]);
    job.run([{ id: "b", props: { code: code("P-1") } }]);
    expect(codes()).to.deep.equal([{ codeValue: "P-1" }]);
    const both = ["P-1", "p-1"].map((value) => ({ id: `item ${value}`, props: { code: code(value) } }));
    expect(errorOf(() => job.run(both))?.code).to.equal("sync/code-in-use");
  });

  it("keeps its part where only its case differs", () => {
    const process = (value: string) => {
      const sync = job.start();
      const props = { classFullName: "Generic:PhysicalObject", model: job.model, category: job.category };
      const construct = (tag: Code) => imodel.constructEntity<never>({ ...props, code: tag } as never);
      const sourceItem = { id: "w", checksum: value };
      const { state: itemState } = sync.detectChanges(job.subjectId, "Item", sourceItem);
      const childElements = [{ element: construct(code(value)), itemState }];
      sync.updateIModel(
        { element: construct(Code.createEmpty()), itemState, childElements },
        job.subjectId,
        sourceItem,
        "Item",
      );
      sync.detectDeletedElements();
      return query(imodel, "SELECT ECInstanceId, CodeValue FROM bis.PhysicalElement WHERE CodeValue IS NOT NULL");
    };
    const [part] = process("P-1");
    expect(process("p-1")).to.deep.equal([{ ...part, codeValue: "p-1" }]);
    expect(process("P-1")).to.deep.equal([part]);
  });

  it("is where the source has it, after any history", () => {
    const values = fc.shuffledSubarray(["P-1", "P-2", "P-3", "P-4"]);
    const ids = fc.shuffledSubarray(["a", "b", "c", "d", "e"]);
    const state = fc.record({ ids, values, lower: fc.boolean(), pumps: fc.subarray(["a", "b", "c"]) });
    let runs = 0;
    const property = fc.property(fc.array(state, { minLength: 2, maxLength: 4 }), (history) => {
      const own = new Job(imodel, `job ${runs++}`);
      for (const { ids, values, lower, pumps } of history) {
        const items = ids.map((id, index) => {
          const value = lower ? values[index]?.toLowerCase() : values[index];
          const tag = value === undefined ? Code.createEmpty() : new Code({ spec, scope: own.model, value });
          const isPump = pumps.includes(id);
          return { id, props: { code: tag, ...(isPump && { classFullName: "Sample:Pump" }) } };
        });
        own.run(items);
        const ecsql = `SELECT UserLabel, CodeValue FROM bis.PhysicalElement WHERE Model.Id=${own.model} ORDER BY UserLabel`;
        const expected = items.map(({ id, props }) => `${id} ${props.code.value}`).sort();
        const found = query(imodel, ecsql).map(
          (row) => `${row.userLabel as string} ${(row.codeValue ?? "") as string}`,
        );
        expect(found).to.deep.equal(expected);
      }
    });
    fc.assert(property, { seed: 13, numRuns: isLongTest ? 2000 : 30 });
  });

  it("is free for all where it differs in spec or scope", () => {
    const other = imodel.codeSpecs.insert("Other", CodeScopeSpec.Type.Model);
    const codes = [
      code("x"),
      new Code({ spec: other, scope: job.model, value: "x" }),
      new Code({ spec, scope: job.subjectId, value: "x" }),
    ];
    job.run(codes.map((each, index) => ({ id: `${index}`, props: { code: each } })));
    expect(query(imodel, "SELECT ECInstanceId FROM bis.PhysicalElement WHERE CodeValue='x'")).to.have.length(3);
  });

  describe("within an element as the scope of its code", () => {
    const owner: Item = { id: "a" };
    const replaced: Item = { id: "a", props: { classFullName: "Sample:Pump" } };
    const ownerId = () => query(imodel, "SELECT ECInstanceId FROM bis.Element WHERE UserLabel='a'")[0]?.id as string;
    const within = (id: string, value: string): Item => ({
      id,
      props: { code: new Code({ spec, scope: ownerId(), value }) },
    });
    const codes = () => {
      const ecsql = `SELECT UserLabel, CodeValue FROM bis.PhysicalElement WHERE CodeScope.Id=${ownerId()} ORDER BY UserLabel`;
      return query(imodel, ecsql).map((row) => `${row.userLabel as string}=${row.codeValue as string}`);
    };

    it("stays there when that element is replaced", () => {
      job.run([owner]);
      const b = within("b", "x");
      job.run([owner, b]);
      const sync = job.run([replaced, b]);
      expect(sync.statistics).to.include({ replaced: 1, unchanged: 1, deleted: 0 });
      expect(codes()).to.deep.equal(["b=x"]);
    });

    it("changes places while that element is replaced", () => {
      job.run([owner]);
      job.run([owner, within("b", "x"), within("c", "y")]);
      const sync = job.start();
      job.process(sync, within("b", "y"));
      job.process(sync, replaced);
      job.process(sync, within("c", "x"));
      sync.detectDeletedElements();
      expect(codes()).to.deep.equal(["b=y", "c=x"]);
    });
  });

  it("is no matter for an element that is written twice and then wants another one", () => {
    job.run([
      { id: "a", props: { code: code("v1") } },
      { id: "b", props: { code: code("v2") } },
    ]);
    const sync = job.start();
    const element = (value: string) =>
      imodel.constructEntity<never>({
        classFullName: "Generic:PhysicalObject",
        model: job.model,
        category: job.category,
        code: code(value),
      } as never);
    const id = sync.findItem(job.subjectId, "Item", "b")!.elementId;
    const update = (value: string) => {
      const results = { element: Object.assign(element(value), { id }), itemState: ItemState.Changed };
      sync.updateResultsInIModel(results);
    };
    update("v1");
    update("v3");
    sync.settleUniqueValues();
    expect(query(imodel, "SELECT CodeValue FROM bis.PhysicalElement ORDER BY ECInstanceId")).to.deep.equal([
      { codeValue: "v1" },
      { codeValue: "v3" },
    ]);
  });
});

function errorOf(work: () => unknown): ConnectorError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as ConnectorError;
  }
}
