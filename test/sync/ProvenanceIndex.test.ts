import { _nativeDb, StandaloneDb, Subject } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import { join } from "node:path";
import { ProvenanceIndex } from "../../src/sync/provenance/ProvenanceIndex.js";
import { ProvenanceWriter } from "../../src/sync/provenance/ProvenanceWriter.js";
import type { ItemKey } from "../../src/sync/provenance/provenanceQueries.js";
import { query } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

describe("ProvenanceIndex", () => {
  let imodel: StandaloneDb;

  beforeEach(() => {
    const file = join(temporaryFolder(), "x.bim");
    imodel = StandaloneDb.createEmpty(file, { rootSubject: { name: "x" }, allowEdit: JSON.stringify({ txns: true }) });
    imodel.channels.addAllowedChannel("shared");
  });

  afterEach(() => imodel.close());

  const insertSubject = (name: string) => Subject.insert(imodel, IModel.rootSubjectId, name);
  const record = (elementId: Id64String, scopeId: Id64String, keys: ItemKey[]) => {
    const writer = new ProvenanceWriter(imodel, new ProvenanceIndex(imodel));
    for (const key of keys) writer.insert(elementId, scopeId, key, { checksum: `${key.kind}/${key.identifier}` });
  };
  const readBack = (scopeId: Id64String) => {
    const found: string[] = [];
    new ProvenanceIndex(imodel).forEachItem(scopeId, ({ checksum }, kind, identifier) => {
      expect(checksum).to.equal(`${kind}/${identifier}`);
      found.push(`${kind}/${identifier}`);
    });
    return found;
  };

  it("reads scopes of any size, also where the same identifier is that of several kinds", () => {
    const scope = insertSubject("scope");
    const keys: ItemKey[] = [];
    for (let index = 0; index < 1500; index++)
      for (const kind of ["A", "B", "C"]) keys.push({ kind, identifier: String(index) });
    record(scope, scope, keys);
    expect(readBack(scope)).to.have.members(keys.map(({ kind, identifier }) => `${kind}/${identifier}`));
  });

  it("reads identifiers of any sort", () => {
    const scope = insertSubject("scope");
    const identifiers = [
      "",
      "'",
      '"',
      "\\",
      "[1]",
      '{"a":1}',
      "null",
      "a b",
      "ü",
      "日本",
      "😀",
      "\n\t",
      "\u0001",
      "%_*",
    ];
    const keys = identifiers.map((identifier) => ({ kind: "K", identifier }));
    record(scope, scope, keys);
    expect(readBack(scope)).to.have.members(identifiers.map((identifier) => `K/${identifier}`));
  });

  it("reads a scope when it is first asked for, and no other one", () => {
    const [one, two] = [insertSubject("one"), insertSubject("two")];
    record(one, one, [{ kind: "K", identifier: "1" }]);
    record(two, two, [{ kind: "K", identifier: "2" }]);
    const index = new ProvenanceIndex(imodel);
    expect(index.find(one, "K", "1")?.elementId).to.equal(one);
    expect([...index.usedScopes]).to.deep.equal([one]);
  });

  it("takes the oldest of several aspects for the same item", () => {
    const [first, second] = [insertSubject("first"), insertSubject("second")];
    const key = { kind: "K", identifier: "1" };
    record(second, IModel.rootSubjectId, [key]);
    record(first, IModel.rootSubjectId, [key]);
    expect(new ProvenanceIndex(imodel).find(IModel.rootSubjectId, "K", "1")?.elementId).to.equal(second);
  });

  it("keeps ids exact that are larger than what a number holds", () => {
    imodel.saveChanges();
    imodel[_nativeDb].resetBriefcaseId(0xfffff0);
    const scope = insertSubject("scope");
    record(scope, scope, [{ kind: "K", identifier: "1" }]);
    const found = new ProvenanceIndex(imodel).find(scope, "K", "1")!;
    const [row] = query(imodel, "SELECT ECInstanceId, Element.Id FROM bis.ExternalSourceAspect");
    expect(found.elementId)
      .to.equal(scope)
      .and.to.match(/^0xfffff0/);
    expect(found.aspectId).to.equal(row!.id);
  });
});
