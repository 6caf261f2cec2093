import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { expect } from "chai";
import { query } from "../../../test/support/iModels.js";
import { renumber } from "./house.js";
import { exportTriangles, hasRealFiles, IfcTimeline, realFiles, sharedData } from "./support.js";
import { countWithWebIfc, type WebIfcCounts } from "./webIfc.js";

describe(`real IFC files (skipped without ${sharedData})`, () => {
  before(function () {
    if (!hasRealFiles) this.skip();
  });

  for (const name of realFiles)
    describe(name, () => {
      let timeline: IfcTimeline;
      let counts: WebIfcCounts;
      before(async () => {
        timeline = new IfcTimeline();
        timeline.copy(join(sharedData, `${name}.ifc`));
        counts = await countWithWebIfc(join(sharedData, `${name}.ifc`));
        const result = await timeline.result();
        expect(result.issues).to.deep.equal([]);
      });
      const products = "FROM bis.SpatialElement WHERE ECClassId IS NOT (Ifc.IfcProject)";

      it("has an element for each product", () => {
        expect(timeline.query(`SELECT ECInstanceId ${products}`)).to.have.length(counts.products);
        const kinds = timeline.query("SELECT count(*) n FROM bis.ExternalSourceAspect WHERE Kind='IfcRoot'");
        expect(kinds[0]!.n).to.be.greaterThan(counts.products);
      });

      it("has geometry for each product of which web-ifc makes triangles", () => {
        const shown = timeline.query(`
          SELECT a.Identifier id FROM bis.GeometricElement3d e JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId
          WHERE e.GeometryStream IS NOT NULL AND a.Kind='IfcRoot'`);
        expect(shown.map(({ id }) => id)).to.have.members([...counts.meshed]);
      });

      it("shows the same as web-ifc: bounds to 1 mm, area to 0.1 %", () => {
        const ids = timeline.query("SELECT ECInstanceId id FROM bis.GeometricElement3d").map(({ id }) => id as string);
        const { range, area } = timeline.read((imodel) => exportTriangles(imodel, ids));
        expect(range.low.maxDiff(counts.triangles.range.low)).to.be.lessThan(1e-3);
        expect(range.high.maxDiff(counts.triangles.range.high)).to.be.lessThan(1e-3);
        expect(area / counts.triangles.area).to.be.closeTo(1, 1e-3);
      });

      it("has every property of every property set", () => {
        const properties = timeline.read(readProperties);
        let found = 0;
        for (const { owner, name: set, values } of counts.sets)
          for (const [property, value] of values) {
            const candidates = properties.get(`${owner} ${set} ${property}`) ?? [];
            expect(candidates, `${owner} ${set} ${property}`).to.deep.include(plain(value));
            found++;
          }
        const all = [...properties]
          .filter(([key]) => !key.includes(" Ifc") && !/ (SetDescription|MethodOfMeasurement)$/.test(key))
          .reduce((sum, [, values]) => sum + values.length, 0);
        expect(all, "no more of them than the file has").to.equal(found);
      });

      it("has the net volumes that its exporter gives, within 2 %", () => {
        const off = timeline.read((imodel) => {
          const volumes = [...readProperties(imodel)].filter(([key]) => key.endsWith(" NetVolume"));
          return volumes.flatMap(([key, values]) => {
            const [owner = ""] = key.split(" ");
            const ids = query(imodel, `SELECT Element.Id id FROM bis.ExternalSourceAspect WHERE Identifier='${owner}'`);
            const { volume } = exportTriangles(imodel, ids.map(({ id }) => id as string)); // prettier-ignore
            // The exporter gives some of them a second time, in cubic millimetres.
            return values.some((value) => Math.abs(volume / (value as number) - 1) < 0.02) ? [] : [owner];
          });
        });
        expect(off).to.have.members(name === "LargeBuilding" ? unclosedWalls : []);
      });

      it("has every connection and boundary", () => {
        const links = timeline.query(`
          SELECT c.Name name, count(*) n FROM bis.ElementRefersToElements r JOIN meta.ECClassDef c ON c.ECInstanceId=r.ECClassId
          WHERE c.Name LIKE 'IfcRel%' GROUP BY c.Name`);
        const ends = timeline.query(`
          SELECT c.Name name, count(*) n FROM bis.ElementMultiAspect a JOIN meta.ECClassDef c ON c.ECInstanceId=a.ECClassId
          WHERE c.Name LIKE 'IfcRel%OneEnd' GROUP BY c.Name`);
        const rows = [...links, ...ends] as { name: string; n: number }[];
        const families: Record<string, string> = { IfcRelConnectsElements: "IfcRelConnects(Path)?Elements" };
        for (const [name, count] of Object.entries(counts.relationships)) {
          const family = new RegExp(`^${families[name] ?? name}(_\\d+|_OneEnd)?$`);
          const found = rows.filter((row) => family.test(row.name)).reduce((sum, { n }) => sum + n, 0);
          expect(found, name).to.equal(count);
        }
      });

      it("writes nothing for another export, with other numbers and backwards", async () => {
        const text = readFileSync(join(sharedData, `${name}.ifc`), "latin1");
        const result = await timeline.result(Buffer.from(renumber(text), "latin1"));
        expect(result.documents.changed).to.equal(1);
        expect([result.counts.new, result.counts.changed, result.counts.deleted]).to.deep.equal([0, 0, 0]);
        expect(result.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
      });
    });
});

/**
 * The meshes that web-ifc makes of these walls of LargeBuilding are not closed: the plane that clips them lies in their top.
 * They are two of the 22 elements of all files to which their exporters give a net volume.
 */
const unclosedWalls = ["1F6umJ5H50aeL3A1As_wTm", "2cXV28XOjE6f6irgi0COkg"];

/** The values of all aspects, by owner, set and property: each found by an ECSQL query on its class. */
function readProperties(imodel: IModelDb): Map<string, unknown[]> {
  const described = query(
    imodel,
    `SELECT c.Name class, c.DisplayLabel setName, p.Name property, p.DisplayLabel label FROM meta.ECClassDef c
     JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id JOIN meta.ECPropertyDef p ON p.Class.Id=c.ECInstanceId
     WHERE s.Name='Ifc' AND c.DisplayLabel IS NOT NULL`,
  );
  const found = new Map<string, unknown[]>();
  for (const { class: className, setName, property, label } of described as Record<string, string>[]) {
    const ecsql = `
      SELECT a.Identifier owner, v.[${property}] v FROM Ifc.[${className}] v
      JOIN bis.ExternalSourceAspect a ON a.Element.Id=v.Element.Id WHERE v.[${property}] IS NOT NULL`;
    for (const { owner, v } of query(imodel, ecsql)) {
      const key = `${String(owner)} ${setName} ${label!.replace(/ \(\d+\)$/, "")}`;
      found.set(key, [...(found.get(key) ?? []), v]);
    }
  }
  return found;
}

function plain(value: unknown): unknown {
  if (value === "T" || value === "F") return value === "T";
  return value;
}
