import { join } from "node:path";
import { GenericSchema, PhysicalModel, SnapshotDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel } from "@itwin/core-common";
import { expect } from "chai";
import type { Synchronizer } from "itwin-connector-framework";
import { temporaryFolder } from "../support/temporary.js";
import { Job, type Item } from "./Job.js";

describe("The message on a code that two items want", () => {
  let imodel: SnapshotDb;
  let job: Job;
  let sync: Synchronizer;

  beforeEach(async () => {
    imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "x.bim"), { rootSubject: { name: "x" } });
    imodel.channels.addAllowedChannel("shared");
    await imodel.importSchemas([GenericSchema.schemaFilePath]);
    job = new Job(imodel, "one");
    sync = job.start();
  });
  afterEach(() => imodel.close());

  const item = (scope: Id64String, more: Partial<Item> = {}): Item => ({
    id: "P-1",
    scope,
    props: { code: new Code({ spec: "0x1", scope: "0x1", value: "same" }) },
    ...more,
  });
  const recordDocument = (id: string) => sync.recordDocument(IModel.rootSubjectId, { id, checksum: "1" }).element.id;
  const messageOf = (...items: Item[]): string => {
    for (const each of items) job.process(sync, each);
    try {
      sync.settleUniqueValues();
    } catch (error) {
      return (error as Error).message;
    }
    return "no conflict";
  };
  const because = 'cannot have the code "same" of bis:NullCodeSpec, because';

  it("names their documents if the items have the same name", () => {
    const [north, south] = [recordDocument("north/plant.csv"), recordDocument("south.csv")];
    expect(messageOf(item(north), item(south))).to.equal(
      `Item "P-1" of south.csv ${because} Item "P-1" of plant.csv has it.`,
    );
  });

  it("names their scopes if the documents have the same name too", () => {
    const [north, south] = [recordDocument("north/plant.csv"), recordDocument("south/plant.csv")];
    expect(messageOf(item(north), item(south))).to.equal(
      `Item "P-1" within "plant.csv" (${south}) ${because} Item "P-1" within "plant.csv" (${north}) has it.`,
    );
  });

  it("names their scopes if there is no document", () => {
    const other = PhysicalModel.insert(imodel, job.subjectId, "Other");
    expect(messageOf(item(job.model), item(other))).to.equal(
      `Item "P-1" within "Other" (${other}) ${because} Item "P-1" within "Model" (${job.model}) has it.`,
    );
  });

  it("names only the items if these have names of their own", () => {
    const [north, south] = [recordDocument("north.csv"), recordDocument("south.csv")];
    expect(messageOf(item(north), item(south, { id: "P-2" }))).to.equal(`Item "P-2" ${because} Item "P-1" has it.`);
    sync = job.start();
    expect(messageOf(item(south, { kind: "Valve" }))).to.equal(`Valve "P-1" ${because} Item "P-1" has it.`);
  });
});
