import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SchemaDescription } from "itwin-connector-framework";
import { importDescription, importSchemaFile } from "../../src/connector/schema/importSchemas.js";
import { readIModel } from "../support/iModels.js";
import { StreamTimeline } from "./stream/StreamTimeline.js";

const first: SchemaDescription = {
  name: "Stream",
  classes: [{ name: "Pump", label: "Pumpe", properties: [{ name: "flow", type: "double", label: 'Q <"&>' }] }],
};

describe("StreamConnector, for schemas,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const pumps = [{ kind: "Pump", id: "a", data: { flow: 1 } }];
  const sync = async (schema: SchemaDescription) => timeline.sync({ schema, entities: pumps });
  const version = () => readIModel(timeline.iModelPath, (imodel) => imodel.querySchemaVersion("Stream"));
  const properties = (className: string) =>
    timeline.labels(
      `SELECT p.Name, p.DisplayLabel FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
       JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id WHERE s.Name='Stream' AND c.Name='${className}' ORDER BY p.Ordinal`,
    );

  it("makes classes with properties of all types", async () => {
    const types = ["string", "int", "long", "double", "boolean", "date", "dateTime", "dateTimeUtc"] as const;
    const described = [...types, "point2d" as const, "point3d" as const, "binary" as const];
    const schema = {
      name: "Stream",
      classes: [{ name: "Pump", properties: described.map((type) => ({ name: `a_${type}`, type })) }],
    };
    const data = {
      a_int: 1,
      a_date: "2024-02-29",
      a_dateTimeUtc: "2024-02-29T12:00:00.000Z",
      a_point3d: { x: 1, y: 2, z: 3 },
    };
    await timeline.sync({ schema, entities: [{ kind: "Pump", id: "a", data }] });
    const select = "SELECT a_int, a_date, a_dateTimeUtc, a_point3d FROM Stream.Pump";
    expect(timeline.query(select)).to.deep.equal([data]);
    await timeline.sync({ schema, entities: [{ kind: "Pump", id: "b", data }] });
    expect(version(), "what it reads is what it wrote").to.equal("1.0.0");
  });

  it("keeps labels in any characters", async () => {
    await sync(first);
    expect(properties("Pump")).to.deep.equal([["flow", 'Q <"&>']]);
  });

  it("raises the version only when something is new, and keeps what is no longer described", async () => {
    await sync(first);
    expect(version()).to.equal("1.0.0");
    await sync({ name: "Stream", classes: [{ name: "pump", properties: [{ name: "FLOW", type: "double" }] }] });
    expect(version()).to.equal("1.0.0");

    const second: SchemaDescription = {
      name: "Stream",
      classes: [
        { name: "Pump", properties: [{ name: "power", type: "int" }], navigations: [{ name: "next", target: "Pump" }] },
        { name: "Tank", baseClass: "Pump" },
      ],
      links: [{ name: "Feeds", source: "Pump", target: "Tank", properties: [{ name: "rate", type: "double" }] }],
    };
    await sync(second);
    expect(version()).to.equal("1.0.1");
    expect(properties("Pump").map(([name]) => name)).to.have.members(["flow", "power", "next"]);
    await sync({ ...second, links: [] });
    expect(version()).to.equal("1.0.1");
    await sync({ ...second, links: [{ ...second.links![0]!, properties: [{ name: "share", type: "double" }] }] });
    expect(version()).to.equal("1.0.2");
    expect(properties("Feeds").map(([name]) => name)).to.deep.equal(["rate", "share"]);
    expect(timeline.query("SELECT flow FROM Stream.Pump")).to.deep.equal([{ flow: 1 }]);
  });

  it("derives classes of links from each other", async () => {
    const pumps: SchemaDescription = { name: "Stream", classes: [{ name: "Pump" }] };
    const drains = { name: "Drains", baseClass: "Feeds", source: "Pump", target: "Pump" };
    const feeds = {
      name: "Feeds",
      source: "Pump",
      target: "Pump",
      properties: [{ name: "rate", type: "double" as const }],
    };
    const link = (className: string) => ({ className, target: { kind: "Pump", id: "a" }, properties: { rate: 2 } });
    const relationships = [link("Stream:Feeds"), link("Stream:Drains")];
    await timeline.sync({
      schema: { ...pumps, links: [drains, feeds] },
      entities: [{ kind: "Pump", id: "a", relationships }],
    });
    expect(timeline.query("SELECT rate FROM Stream.Feeds"), "two between the same elements").to.have.length(2);
    expect(timeline.query("SELECT rate FROM Stream.Drains")).to.deep.equal([{ rate: 2 }]);
  });

  const contradictions: [what: string, schema: SchemaDescription, message: string][] = [
    [
      "type",
      { name: "Stream", classes: [{ name: "Pump", properties: [{ name: "flow", type: "int" }] }] },
      "The type of Stream:Pump.flow is double in the iModel and int in the source.",
    ],
    [
      "base class",
      { name: "Stream", classes: [{ name: "Pump", baseClass: "BisCore:SpatialLocationElement" }] },
      "The base class of Stream:Pump is BisCore:PhysicalElement in the iModel and BisCore:SpatialLocationElement in the source.",
    ],
  ];
  for (const [what, schema, message] of contradictions)
    it(`refuses another ${what}`, async () => {
      await sync(first);
      const { error } = await timeline.run({ schema, entities: pumps });
      expect(error?.code).to.equal("schema/incompatible");
      expect(error?.message).to.equal(message);
    });

  it("refuses the name of a schema of someone else, and a class of a schema that is not there", async () => {
    const refused = async (schema: SchemaDescription) => (await timeline.run({ schema, entities: [] })).error?.code;
    expect(await refused({ ...first, name: "Functional" })).to.equal(undefined);
    expect(await refused({ ...first, name: "BisCore" })).to.equal("schema/name-taken");
    expect(await refused({ name: "Stream", classes: [{ name: "A", baseClass: "Nowhere:B" }] })).to.equal(
      "schema/unknown-reference",
    );
    expect(await refused({ name: "Stream", alias: "bis", classes: [] })).to.equal("schema/duplicate-name");
  });

  it("imports schema files, once for each version", async () => {
    await sync(first);
    const file = join(timeline.folder, "Extra.ecschema.xml");
    const write = (schemaVersion: string) =>
      writeFileSync(
        file,
        `<?xml version="1.0"?>\n<ECSchema schemaName="Extra" alias="ex" version="${schemaVersion}" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2"/>`,
      );
    const { StandaloneDb } = await import("@itwin/core-backend");
    const imodel = StandaloneDb.openFile(timeline.iModelPath);
    try {
      const versions: (string | undefined)[] = [];
      for (const schemaVersion of ["01.00.00", "01.00.02", "01.00.01"]) {
        write(schemaVersion);
        await importSchemaFile(imodel, { file });
        versions.push(imodel.querySchemaVersion("Extra"));
      }
      expect(versions).to.deep.equal(["1.0.0", "1.0.2", "1.0.2"]);
      await importDescription(imodel, { name: "Own", classes: [{ name: "A" }] }, "mine");
      writeFileSync(file, "<nothing/>");
      const error = await importSchemaFile(imodel, { file }).catch((caught: unknown) => caught);
      expect((error as { code: string }).code).to.equal("schema/not-a-schema");
    } finally {
      imodel.close();
    }
  });
});
