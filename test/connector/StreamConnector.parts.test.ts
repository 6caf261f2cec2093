import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Id64String } from "@itwin/core-bentley";
import type { ElementAspectProps, ExternalSourceAspectProps } from "@itwin/core-common";
import { expect } from "chai";
import { compareIModels, type RunResult } from "itwin-connector-framework";
import { copyIModel } from "../support/copyIModel.js";
import type { TestEntity, TestSource } from "./stream/StreamTestConnector.js";
import { issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";

const partKind = "itwin-connector-framework:part";
const scopes = ["the root Subject", "the physical model", "the scope", "the parent"] as const;

type PieceCodes = NonNullable<TestEntity["pieceCodes"]>;

describe("Parts with a code", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  /** An item with parts whose codes are within something. */
  const source = (pieceCodes: PieceCodes, pieces: string[], more: Partial<TestEntity> = {}): TestSource => ({
    definitions: { categories: [{ name: "Equipment" }], codeSpecs: [{ name: "Tag" }] },
    entities: [
      { kind: "Pump", id: "scope" },
      { kind: "Pump", id: "whole", ...(pieces.length > 0 && { pieces, pieceCodes }), ...more },
    ],
  });
  /** The item itself comes first, so that it can be the scope of codes. */
  const sync = async (pieceCodes: PieceCodes, ...states: string[][]): Promise<RunResult> => {
    if (pieceCodes === "the parent") states.unshift([]);
    let result: RunResult | undefined;
    for (const pieces of states) result = await timeline.sync(source(pieceCodes, pieces));
    return result!;
  };
  const names = (of = timeline) =>
    of
      .query(`SELECT Identifier i FROM bis.ExternalSourceAspect WHERE Kind='${partKind}' ORDER BY ECInstanceId`)
      .map(({ i }) => i as string);
  const parts = () =>
    timeline.query("SELECT ECInstanceId, CodeValue FROM Stream.Pump WHERE Parent.Id IS NOT NULL ORDER BY ECInstanceId");
  const useCopy = async () => {
    const copy = join(timeline.folder, "copy.bim");
    await copyIModel(timeline.iModelPath, copy);
    renameSync(copy, timeline.iModelPath);
  };
  /** Names parts as version 0.1 has. */
  const useOldNames = () =>
    timeline.edit((imodel) => {
      const rows = timeline.query(
        `SELECT a.ECInstanceId, printf('0x%x/0x%x/%s', e.CodeSpec.Id, e.CodeScope.Id, e.CodeValue) name
         FROM bis.ExternalSourceAspect a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id WHERE a.Kind='${partKind}'`,
      );
      for (const { id, name } of rows) {
        const aspect = imodel.elements.getAspect(id as Id64String).toJSON();
        imodel.elements.updateAspect({ ...aspect, identifier: name } as ExternalSourceAspectProps);
      }
    });
  /** What another program knows of the parts. */
  const addForeignAspects = () =>
    timeline.edit((imodel) => {
      for (const { id, codeValue } of parts())
        imodel.elements.insertAspect({
          classFullName: "Stream:Note",
          element: { id, relClassName: "BisCore:ElementOwnsMultiAspects" },
          text: codeValue,
        } as ElementAspectProps);
    });
  const foreignAspects = () =>
    timeline.labels(
      `SELECT a.Text, e.CodeValue FROM Stream.Note a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id ORDER BY a.Text`,
    );

  for (const scope of scopes)
    describe(`within ${scope}${scope === "the scope" ? "" : " @all"}`, () => {
      it("are recorded without ids, the same in a snapshot and in a standalone iModel", async () => {
        await sync(scope, ["A", "B"]);
        for (const name of names())
          expect(name)
            .to.match(/^\["Tag","[AB]"/)
            .and.not.match(/0x|[\da-f]{8}-/);
        const other = new StreamTimeline();
        other.args = { isSnapshot: true };
        if (scope === "the parent") await other.sync(source(scope, []));
        await other.sync(source(scope, ["A", "B"]));
        const comparison = await compareIModels(timeline.iModelPath, other.iModelPath);
        expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
      });

      for (const version of ["this version", "version 0.1"])
        it(`keep what others know of them in a copy of an iModel of ${version}`, async () => {
          await sync(scope, ["A", "B"]);
          addForeignAspects();
          if (version === "version 0.1") useOldNames();
          await useCopy();
          const before = parts();
          const result = await timeline.sync(source(scope, ["B", "C", "a"]));
          expect(issueCodes(result)).to.deep.equal([]);
          expect(result.elements).to.deep.equal({ inserted: 1, updated: 3, deleted: 0 });
          expect(parts().slice(0, 2)).to.deep.equal([{ ...before[0], codeValue: "a" }, before[1]]);
          expect(foreignAspects()).to.deep.equal([
            ["A", "a"],
            ["B", "B"],
          ]);
          for (const name of names()) expect(name).to.match(/^\["Tag","[aBC]"/);
        });

      it("keep what others know of them when their item is replaced", async function () {
        if (scope === "the parent") this.skip(); // the scope of their codes goes with it
        await sync(scope, ["A", "B"]);
        addForeignAspects();
        useOldNames();
        const result = await timeline.sync(source(scope, ["A", "B"], { type: "Port" }));
        expect(issueCodes(result)).to.deep.equal([]);
        expect(foreignAspects()).to.deep.equal([
          ["A", "A"],
          ["B", "B"],
        ]);
      });
    });

  it("are told apart as the iModel tells codes apart", async () => {
    await sync("the scope", ["Ä-1", "ä-1", "P-1"]);
    const before = parts();
    await sync("the scope", ["Ä-1", "ä-1", "p-1"]);
    expect(parts()).to.deep.equal([before[0], before[1], { ...before[2], codeValue: "p-1" }]);
  });

  it("are recorded as in a new iModel after the case of their codes has changed", async () => {
    await sync("the physical model", ["A", "B"]);
    await sync("the physical model", ["b", "a"]);
    const other = new StreamTimeline();
    await other.sync(source("the physical model", ["b", "a"]));
    const comparison = await compareIModels(timeline.iModelPath, other.iModelPath);
    expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
  });
});
