import { Code, IModel } from "@itwin/core-common";
import { expect } from "chai";
import { openForReading } from "../../../src/compare/openForReading.js";
import { query } from "../../../test/support/iModels.js";
import { readCategories, readClasses, readModels } from "../src/elements/catalogs.js";
import { completeNames } from "../src/elements/completeNames.js";
import { describeElement, type ElementDescription } from "../src/elements/describeElement.js";
import { describeModel } from "../src/elements/describeModel.js";
import { EcsqlBox } from "../src/elements/EcsqlBox.js";
import { elementIndexJson } from "../src/elements/elementIndex.js";
import { readElementTable, type ElementTable, type TableOptions } from "../src/elements/elementTable.js";
import { searchElements, type SearchResult } from "../src/elements/search.js";
import { errorOf, makeHouse, makeIModel, makeTable, withContents } from "./scenes.js";

describe("What the viewer knows of a building", () => {
  let house: string;
  before(async () => (house = await makeHouse()));

  async function describeNamed(label: string): Promise<ElementDescription> {
    return withContents(house, async (contents, imodel) => {
      const [row] = query(imodel, `SELECT ECInstanceId id FROM bis.Element WHERE UserLabel='${label}'`);
      return describeElement(contents, row!.id as string);
    });
  }

  it("holds classes, category, model, property sets with their units, and where an element came from", async () => {
    const wall = await describeNamed("wall 0.0");
    expect(wall.className).to.equal("Ifc:IfcWall");
    expect(wall.bases).to.include.members(["BisCore:PhysicalElement", "BisCore:Element"]);
    expect(wall.category?.label).to.equal("IfcWall");
    expect(wall.model).to.include({ label: "Building", className: "BisCore:PhysicalPartition" });
    expect(wall.federationGuid).to.match(/^[-0-9a-f]{36}$/);
    const quantities = wall.aspects.find(({ label }) => label === "Qto_WallBaseQuantities");
    const length = quantities?.properties.find(({ label }) => label === "Length");
    expect(length).to.include({ type: "number" });
    expect(length?.unit).to.be.a("string").that.is.not.empty;
    const [item, ...others] = wall.provenance;
    expect(others).to.be.empty;
    expect(item).to.include({ connector: "IFC", kind: "IfcRoot", identifier: "0E6PCT$piBx9ocXoNPTEvM" });
    expect(item?.job).to.equal("IFC:house.ifc");
    expect(item?.document).to.include({ name: "house.ifc" });
    expect(item?.document?.path).to.match(/house\.ifc$/);
    expect(item?.checksum).to.be.a("string");
    expect(Date.parse(item!.lastChanged)).to.be.closeTo(Date.now(), 3_600_000);
  });

  it("holds relationships in both directions, each with the other end", async () => {
    const wall = await describeNamed("wall 0.0");
    const opening = wall.relationships.find(({ className }) => className === "Ifc:IfcRelVoidsElement")!;
    expect(opening).to.include({ direction: "in" });
    const back = await withContents(house, (contents) => describeElement(contents, opening.element.id));
    expect(back.relationships).to.deep.include({ ...opening, direction: "out", element: pickLink(wall) });
    const type = wall.relationships.find(({ className }) => className.endsWith("PhysicalElementIsOfType"));
    expect(type).to.include({ direction: "out" });
    const wallType = await withContents(house, (contents) => describeElement(contents, type!.element.id));
    const walls = wallType.relationships.filter(({ className }) => className === type!.className);
    expect(walls.map(({ element }) => element)).to.deep.include(pickLink(wall));
    expect(walls.every(({ direction }) => direction === "in")).to.be.true;
  });

  it("counts categories, models and classes as queries do", async () => {
    await withContents(house, async (contents, imodel) => {
      const count = (ecsql: string) => query(imodel, `SELECT count(*) n FROM ${ecsql}`)[0]!.n as number;
      const walls = (await readCategories(contents)).find(({ code }) => code === "IfcWall")!;
      expect(walls.count).to.equal(count("Ifc.IfcWall")).and.above(0);
      const models = await readModels(contents);
      const building = models.find(({ label }) => label === "Building")!;
      expect(building).to.include({
        className: "BisCore:PhysicalModel",
        parent: IModel.repositoryModelId,
        is2d: false,
      });
      expect(building.count).to.equal(count(`bis.Element WHERE Model.Id=${building.id}`));
      const classes = new Map((await readClasses(contents)).map((entry) => [entry.name, entry]));
      expect(classes.get("BisCore:Element")).to.include({ count: 0, total: count("bis.Element") });
      expect(classes.get("Ifc:IfcElement")?.total).to.equal(count("Ifc.IfcElement"));
      expect(classes.get(classes.get("Ifc:IfcWall")!.base!)?.total).to.be.at.least(walls.count);
      const model = await describeModel(contents, house);
      expect(model).to.include({ elements: count("bis.Element"), graphics: true });
      expect(model.jobs[0]).to.include({ name: "IFC:house.ifc", connector: "IFC" });
      expect(model.jobs[0]!.documents.map(({ name }) => name)).to.deep.equal(["house.ifc"]);
    });
  });

  it("lists elements that may have graphics, by category, model and class", async () => {
    await withContents(house, async (contents, imodel) => {
      let json = "";
      for await (const piece of elementIndexJson(contents)) json += piece;
      const { ids, categories, models, classes, lists } = JSON.parse(json) as {
        ids: string[];
        categories: number[];
        models: number[];
        classes: number[];
        lists: { categories: string[]; models: string[]; classes: string[] };
      };
      const rows = query(
        imodel,
        `SELECT ECInstanceId id, Category.Id category, Model.Id model, ec_classname(ECClassId, 's:c') class
         FROM bis.GeometricElement3d WHERE GeometryStream IS NOT NULL ORDER BY ECInstanceId`,
      );
      const found = ids.map((id, index) => ({
        id,
        category: lists.categories[categories[index]!],
        model: lists.models[models[index]!],
        class: lists.classes[classes[index]!],
      }));
      expect(found).to.deep.equal(rows).and.not.empty;
    });
  });

  it("completes names of classes and properties", async () => {
    await withContents(house, async (contents) => {
      const namesOf = async (prefix: string) => (await completeNames(contents, prefix)).map(({ name }) => name);
      expect(await namesOf("ifc.ifcwallt")).to.deep.equal(["Ifc.IfcWallType"]);
      expect(await namesOf("ifcdo")).to.include("Ifc.IfcDoor");
      expect(await namesOf("Ifc:IfcDoor.OverallH")).to.deep.equal(["OverallHeight"]);
      expect(await namesOf("no such name")).to.be.empty;
    });
  });

  it("refuses ids of nothing, and of no form", async () => {
    await withContents(house, async (contents) => {
      for (const id of ["0xffffff", "0", "wall", "0x1 OR 1=1", ""])
        expect((await errorOf(describeElement(contents, id))).code, id).to.equal("viewer/no-element");
    });
  });
});

describe("The search of the viewer", () => {
  const rows = [
    ["P-1", "Pump <b>north</b>", "12.75", "Größe 5"],
    ["P-2", "Pump 100% south", "12.5", "größe 6"],
    ["V_3", "Valve", "9007199254740993", "plain"],
  ];
  let table: string;
  before(async () => {
    const lines = rows.map((row) => row.join(",")).join("\n");
    table = await makeTable(`tag,title,flow,size\n${lines}\n`, { idColumn: "tag" });
  });

  async function search(text: string, limit = 50): Promise<readonly SearchResult[]> {
    return withContents(table, async (contents) => (await searchElements(contents, { text, limit })).results);
  }

  /** The elements that stand for rows, by the values of their tags. */
  async function found(text: string): Promise<string[]> {
    const ids = (await search(text)).map(({ id }) => id);
    return withContents(table, async (_, imodel) =>
      query(imodel, "SELECT Element.Id id, Identifier tag FROM bis.ExternalSourceAspect WHERE Kind<>'CSV'")
        .filter(({ id }) => ids.includes(id as string))
        .map(({ tag }) => tag as string)
        .sort(),
    );
  }

  it("finds parts of identifiers, texts and numbers, in any case of letters", async () => {
    expect(await found("p-1"))
      .to.include("P-1")
      .and.not.include("P-2");
    expect(await found("PUMP"))
      .to.include.members(["P-1", "P-2"])
      .and.not.include("V_3");
    expect(await found("12.75"))
      .to.include("P-1")
      .and.not.include("P-2");
    expect(await found("GRÖSSE")).to.not.include("P-1"); // ß is not SS
    expect(await found("GRÖ"))
      .to.include.members(["P-1", "P-2"])
      .and.not.include("V_3");
  });

  it("takes what means something to SQL as it is", async () => {
    expect(await found("100%"))
      .to.include("P-2")
      .and.not.include("P-1");
    expect(await found("V_3")).to.include("V_3");
    expect(await found("P_1")).to.not.include("P-1");
    expect(await found("' OR 1=1 --")).to.be.empty;
    expect(await found("<b>")).to.include("P-1");
  });

  it("gives all results page by page, each page from the cursor of the one before", async () => {
    const all = await search("P", 500);
    const paged: string[] = [];
    await withContents(table, async (contents) => {
      let cursor: string | undefined;
      do {
        const page = await searchElements(contents, { text: "P", limit: 2, cursor });
        expect(page.results.length).to.be.at.most(2);
        paged.push(...page.results.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
    });
    expect(new Set(paged)).to.deep.equal(new Set(all.map(({ id }) => id)));
  });

  it("refuses an empty text and a made up cursor", async () => {
    await withContents(table, async (contents) => {
      expect((await errorOf(searchElements(contents, { text: "  " }))).code).to.equal("usage/search");
      for (const cursor of ["x", "999999:0x1", "0:0x1 OR 1=1"])
        expect((await errorOf(searchElements(contents, { text: "P", cursor }))).code).to.equal("usage/search");
    });
  });
});

describe("The tables of the viewer", () => {
  let path: string;
  before(async () => {
    path = await makeTable("tag,title,flow\nA,Pump,3\nB,Ärger,1\nC,pump,2\n", { idColumn: "tag", className: "Part" });
  });

  async function read(options: Partial<TableOptions>): Promise<ElementTable> {
    return withContents(path, async (contents, imodel) => {
      const ecsql = `
        SELECT ec_classname(e.ECClassId, 's:c') name FROM bis.Element e
        JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId WHERE a.Identifier='A'`;
      const [row] = query(imodel, ecsql);
      return readElementTable(contents, { className: row!.name as string, ...options });
    });
  }

  function column({ columns, rows }: ElementTable, name: string): unknown[] {
    const index = columns.findIndex((candidate) => candidate.label.toLowerCase() === name);
    return rows.map((row) => row[index]);
  }

  it("sort, filter and cut", async () => {
    expect(column(await read({}), "label")).to.deep.equal(["A", "B", "C"]);
    const sort = (await read({})).columns.find(({ label }) => label.toLowerCase() === "flow")!.name;
    expect(column(await read({ sort }), "flow")).to.deep.equal([1, 2, 3]);
    expect(column(await read({ sort, descending: true, offset: 1, limit: 1 }), "flow")).to.deep.equal([2]);
    const pumps = await read({ filter: "PUMP", limit: 1 });
    expect([pumps.rows.length, pumps.total]).to.deep.equal([1, 2]);
    expect(column(await read({ filter: "ärger" }), "label")).to.deep.equal(["B"]);
    expect((await read({ filter: "%" })).total).to.equal(0);
  });

  it("have the columns of the source before those that BIS adds", async () => {
    const labels = (await read({})).columns.map(({ label }) => label);
    expect(labels.slice(0, 4)).to.deep.equal(["Id", "Label", "Code", "Class"]);
    expect(labels.slice(4, 6).map((label) => label.toLowerCase())).to.deep.equal(["title", "flow"]);
  });

  it("refuse classes and columns that are not there", async () => {
    expect((await errorOf(read({ className: "Nope:Nope" }))).code).to.equal("usage/unknown-class");
    expect((await errorOf(read({ className: "BisCore:ExternalSourceAspect" }))).code).to.equal("usage/unknown-class");
    expect((await errorOf(read({ sort: "1; DROP TABLE x" }))).code).to.equal("usage/sort");
  });
});

describe("The ECSQL box", () => {
  let path: string;
  let box: EcsqlBox;
  before(async () => (path = await makeTable("tag\nA\nB\nC\n", { idColumn: "tag" })));
  beforeEach(() => (box = new EcsqlBox(() => openForReading(path), 1)));
  afterEach(() => box.close());

  it("gives rows up to a limit, and says whether there are more", async () => {
    const ecsql =
      "SELECT Identifier FROM bis.ExternalSourceAspect WHERE Identifier IN ('A','B','C') ORDER BY Identifier;";
    expect(await box.run(ecsql, 2)).to.deep.equal({
      columns: [{ name: "Identifier", type: "string" }],
      rows: [["A"], ["B"]],
      more: true,
    });
    expect((await box.run(ecsql, 3)).more).to.be.false;
  });

  it("says what is wrong, and where", async () => {
    const messageFor = async (ecsql: string) => {
      const { code, message } = await errorOf(box.run(ecsql, 1));
      expect(code).to.equal("viewer/ecsql");
      return message;
    };
    expect(await messageFor("SELECT\n  Nope FROM bis.Element")).to.match(/'Nope'.*\(line 2, column 3\)\.$/);
    expect(await messageFor("SELECT 1 FROM bis.Nope")).to.match(/bis\.Nope.*\(line 1, column 15\)/);
    expect(await messageFor("SELECT (1 FROM bis.Element")).to.match(/line 1, column 8/);
    expect(await messageFor("")).to.match(/empty/);
    expect(await messageFor(`SELECT '${"x".repeat(200_000)}'`)).to.match(/100,000 characters/);
  });

  it("runs nothing that writes", async () => {
    for (const ecsql of [
      "DELETE FROM bis.Element",
      "UPDATE bis.Element SET UserLabel='x'",
      "PRAGMA integrity_check",
      "SELECT 1) x; DROP TABLE y; SELECT (1",
    ])
      expect((await errorOf(box.run(ecsql, 1))).code, ecsql).to.equal("viewer/ecsql");
  });

  it("ends a query that takes too long, and goes on with others", async () => {
    const endless =
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<1000000000000) SELECT max(i) FROM c";
    expect((await errorOf(box.run(endless, 1))).code).to.equal("viewer/ecsql-time");
    expect((await box.run("SELECT 1 FROM bis.Element", 1)).rows).to.deep.equal([[1]]);
  });
});

describe("Properties with categories, quantities and enumerations", () => {
  it("are grouped, with the unit of the value and that of its presentation", async () => {
    const schema = `<?xml version="1.0" encoding="UTF-8"?>
      <ECSchema schemaName="Tanks" alias="tanks" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
        <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
        <ECSchemaReference name="Units" version="01.00.00" alias="u"/>
        <ECSchemaReference name="Formats" version="01.00.00" alias="f"/>
        <PropertyCategory typeName="Sizes" displayLabel="All sizes" priority="1"/>
        <KindOfQuantity typeName="LENGTH" persistenceUnit="u:M" presentationUnits="f:DefaultRealU(2)[u:FT]" relativeError="0.001"/>
        <ECEnumeration typeName="State" backingTypeName="int" isStrict="true">
          <ECEnumerator name="Open" value="1" displayLabel="wide open"/>
        </ECEnumeration>
        <ECEntityClass typeName="Tank" displayLabel="Big tank">
          <BaseClass>bis:InformationRecordElement</BaseClass>
          <ECProperty propertyName="Height" typeName="double" kindOfQuantity="LENGTH" category="Sizes"/>
          <ECProperty propertyName="Status" typeName="State" displayLabel="Status of it"/>
          <ECProperty propertyName="Serial" typeName="long"/>
          <ECProperty propertyName="Sill" typeName="double" description="IfcLengthMeasure in mm: from the floor"/>
          <ECProperty propertyName="Note" typeName="string" description="Height in words"/>
        </ECEntityClass>
      </ECSchema>`;
    let id = "";
    const path = await makeIModel(async (imodel) => {
      await imodel.importSchemaStrings([schema]);
      const partition = imodel.elements.insertElement({
        classFullName: "BisCore:InformationRecordPartition",
        model: IModel.repositoryModelId,
        parent: { id: IModel.rootSubjectId, relClassName: "BisCore:SubjectOwnsPartitionElements" },
        code: Code.createEmpty(),
      });
      const model = imodel.models.insertModel({
        classFullName: "BisCore:InformationRecordModel",
        modeledElement: { id: partition },
      });
      const props = {
        classFullName: "Tanks:Tank",
        model,
        code: Code.createEmpty(),
        height: 3.048,
        status: 1,
        sill: 900,
        note: "x",
        serial: "9007199254740993", // beyond 2^53
      };
      id = imodel.elements.insertElement(props);
    });
    const { groups, classLabel, label } = await withContents(path, (contents) => describeElement(contents, id));
    expect([classLabel, label]).to.deep.equal(["Big tank", `Big tank ${id}`]);
    const sizes = groups.find(({ name }) => name === "Sizes")!;
    expect(sizes.label).to.equal("All sizes");
    expect(sizes.properties).to.deep.equal([
      { name: "Height", label: "Height", value: 3.048, text: "10 ft", unit: "m", type: "number" },
    ]);
    const [others] = groups.filter(({ name }) => name === "Tanks:Tank");
    expect(others!.properties.map(({ label: own, text, unit }) => [own, text, unit])).to.deep.equal([
      ["Status of it", "wide open", undefined],
      ["Serial", "9007199254740993", undefined],
      ["Sill", "900 mm", "mm"],
      ["Note", "x", undefined],
    ]);
  });
});

function pickLink({ id, label, className }: ElementDescription): object {
  return { id, label, className };
}
