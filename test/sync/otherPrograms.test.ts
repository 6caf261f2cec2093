import { ExternalSource, ExternalSourceAspect, RepositoryLink, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  Code,
  IModel,
  type ElementProps,
  type ExternalSourceProps,
  type PhysicalElementProps,
} from "@itwin/core-common";
import { expect } from "chai";
import { ItemState, Synchronizer } from "itwin-connector-framework";
import { counted, issueCodes, StreamTimeline } from "../connector/stream/StreamTimeline.js";
import { query } from "../support/iModels.js";
import { addElement, codesOf, createScene, idOf, labelsOf } from "./Job.js";

/** The ExternalSource of another program, on a link of its own. */
function insertSource(imodel: IModelDb, connectorName?: string): { link: Id64String; source: Id64String } {
  const place = { model: IModel.repositoryModelId, code: Code.createEmpty() };
  const link = imodel.elements.insertElement({ classFullName: RepositoryLink.classFullName, ...place });
  const props: ExternalSourceProps = {
    classFullName: ExternalSource.classFullName,
    ...place,
    repository: { id: link },
    connectorName,
  };
  return { link, source: imodel.elements.insertElement(props) };
}

/** Provenance that another program puts on an element: what it calls it, its scope and its source. */
function mark(imodel: IModelDb, elementId: Id64String, [kind, identifier, scope, source]: string[]): void {
  imodel.elements.insertAspect({
    classFullName: ExternalSourceAspect.classFullName,
    element: { id: elementId },
    kind,
    identifier,
    scope: { id: scope },
    ...(source && { source: { id: source } }),
  } as never);
}

const pumps = (...ids: string[]) => ids.map((id) => ({ kind: "Pump", id }));

describe("Elements with the provenance of another program in the models of a job", () => {
  let timeline: StreamTimeline;
  const labels = () =>
    timeline
      .query("SELECT UserLabel FROM bis.PhysicalElement ORDER BY UserLabel")
      .map(({ userLabel }) => userLabel as string);

  beforeEach(async () => {
    timeline = new StreamTimeline();
    await timeline.sync(pumps("A", "B", "C"));
  });

  /** Adds elements whose aspects are made of the scopes and the source at hand; the label is the identifier. */
  const add = (
    connectorName: string | undefined,
    describeItems: (known: Record<"link" | "source" | "document" | "model" | "A", Id64String>) => string[][],
  ) =>
    timeline.edit((imodel) => {
      const [row] = query(
        imodel,
        "SELECT Element.Id e, Scope.Id s FROM bis.ExternalSourceAspect WHERE Identifier='A'",
      ) as { e: Id64String; s: Id64String }[];
      const { e: A, s: document } = row!;
      const { model, category } = imodel.elements.getElementProps<PhysicalElementProps>(A);
      const known = { ...insertSource(imodel, connectorName), document, model, A };
      for (const [parent, ...item] of describeItems(known)) {
        const id = imodel.elements.insertElement({
          classFullName: "Stream:Pump",
          model,
          category,
          code: Code.createEmpty(),
          userLabel: item[1],
          ...(parent && { parent: { id: parent, relClassName: "BisCore:ElementOwnsChildElements" } }),
        } as ElementProps);
        mark(imodel, id, item);
      }
    });

  for (const connectorName of [undefined, "Other"])
    it(`stay if their source is that of another document, ${connectorName ? "named" : "nameless"}`, async () => {
      add(connectorName, ({ link, source, document, model, A }) => [
        ["", "Cmms", "W1", IModel.rootSubjectId, source],
        ["", "Cmms", "W2", link, source],
        ["", "Cmms", "W3", model, source],
        ["", "Cmms", "W4", A, source],
        ["", "Pump", "W5", document, source],
        [A, "Cmms", "W6", link, source],
      ]);
      const others = ["W1", "W2", "W3", "W4", "W5", "W6"];
      expect(issueCodes(await timeline.sync(pumps("A", "B", "C")))).to.deep.equal([]);
      expect(labels()).to.deep.equal(["A", "B", "C", ...others]);
      const without = await timeline.sync(pumps("A", "B"));
      expect([counted(without), issueCodes(without)]).to.deep.equal([[0, 0, 2, 1], []]);
      expect(labels()).to.deep.equal(["A", "B", ...others]);
      const last = await timeline.sync(pumps("B"));
      expect([counted(last), issueCodes(last)]).to.deep.equal([[0, 0, 1, 0], ["sync/kept-for-dependents"]]);
    });

  it("stay and are reported if they name no source", async () => {
    add(undefined, ({ document, model, A }) => [
      ["", "Cmms", "W1", IModel.rootSubjectId],
      ["", "Cmms", "W2", model],
      ["", "Pump", "W3", document],
      [A, "Cmms", "W4", A],
    ]);
    for (const source of [pumps("A", "B"), pumps("A")]) {
      const result = await timeline.sync(source);
      expect(issueCodes(result)).to.deep.equal(["sync/unknown-origin"]);
      expect(result.issues[0]!.message).to.contain("and 3 more");
      expect(result.counts.deleted).to.equal(1);
    }
    expect(labels()).to.deep.equal(["A", "W1", "W2", "W3", "W4"]);
  });

  it("go where the provenance lies on an element of the job that is gone from the source", async () => {
    timeline.edit((imodel) => {
      const [id] = imodel.queryEntityIds({ from: "bis.PhysicalElement", where: "UserLabel='C'" });
      mark(imodel, id!, ["Cmms", "W1", IModel.rootSubjectId, insertSource(imodel).source]);
      mark(imodel, id!, ["Cmms", "W2", IModel.rootSubjectId]);
    });
    expect(counted(await timeline.sync(pumps("A", "B")))).to.deep.equal([0, 0, 2, 1]);
    expect(labels()).to.deep.equal(["A", "B"]);
  });

  it("keep the job in the iModel when it is unmapped, with all that they need", async () => {
    add(undefined, ({ link, source }) => [["", "Cmms", "W1", link, source]]);
    timeline.options = { unmap: true };
    expect(issueCodes(await timeline.sync(pumps("A")))).to.deep.equal(["sync/job-in-use"]);
    expect(labels()).to.deep.equal(["W1"]);
  });
});

describe("Elements with the provenance of another program, to a Synchronizer without a job", () => {
  for (const connectorName of [undefined, "Own"])
    it(`stay, if the Synchronizer ${connectorName ? "names" : "does not name"} a connector`, async () => {
      const { imodel, job } = await createScene();
      try {
        let document = "";
        const run = (version: string, ids: string[]) => {
          const sync = new Synchronizer(imodel, false, undefined, { connectorName });
          document = sync.recordDocument(IModel.rootSubjectId, { id: "doc", version }).element.id;
          for (const id of ids)
            if (sync.detectChanges(document, "Item", { id, version: "1" }).state === ItemState.New)
              job.process(sync, { id, scope: document });
          sync.detectDeletedElements();
          return sync;
        };
        run("1", ["A", "B"]);
        const { link, source } = insertSource(imodel, "Other");
        for (const [index, scope] of [link, IModel.rootSubjectId, job.model, document].entries())
          mark(imodel, addElement(imodel, job, `W${index}`), ["Item", `W${index}`, scope, source]);
        mark(imodel, addElement(imodel, job, "untold"), ["Other", "untold", document]);
        expect(codesOf(run("2", ["A"]))).to.deep.equal(["sync/unknown-origin"]);
        expect(labelsOf(imodel)).to.deep.equal(["A", "untold", "W0", "W1", "W2", "W3"]);
        expect(idOf(imodel, "B")).to.equal(undefined);
      } finally {
        imodel.close();
      }
    });
});
