import { join } from "node:path";
import { StandaloneDb, type IModelDb } from "@itwin/core-backend";
import { Format, FormatterSpec, type UnitsProvider } from "@itwin/core-quantity";
import { KindOfQuantity, SchemaFormatsProvider, SchemaUnitProvider } from "@itwin/ecschema-metadata";
import { expect } from "chai";
import {
  ConnectorRunner,
  IModelBankArgs,
  type LinkClassDescription,
  type PropertyDescription,
  type SchemaDescription,
} from "itwin-connector-framework";
import { BankHubAccess } from "../../src/bank/BankHubAccess.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { checkOut } from "../../src/imodel/checkpoints.js";
import { writeVersionZero } from "../../src/imodel/native.js";
import { queryFile, readIModel } from "../support/iModels.js";
import { counted, expectNothingWritten, issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";
import type { TestEntity } from "./stream/StreamTestConnector.js";

const described = (properties: PropertyDescription[], more: Partial<SchemaDescription> = {}): SchemaDescription => ({
  name: "Stream",
  ...more,
  classes: [{ name: "Wall", properties }, ...(more.classes ?? [])],
});
const width = (more: Partial<PropertyDescription> = {}): PropertyDescription => ({
  name: "Width",
  type: "double",
  ...more,
});
const wall = (id: string, data: Record<string, unknown>): TestEntity => ({ kind: "Wall", id, data });
const walls = [wall("a", { width: 240 }), wall("b", { width: 0.1 })];

const unitsOf = `
  SELECT c.Name, p.Name, k.Name, k.PersistenceUnit FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
  JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
  WHERE s.Name='Stream' ORDER BY c.Name, p.Name`;

describe("StreamConnector, for units,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const read = <T>(use: (imodel: IModelDb) => T) => readIModel(timeline.iModelPath, use);
  const version = () => read((imodel) => imodel.querySchemaVersion("Stream"));
  const units = () => timeline.labels(unitsOf).map(([owner, name, , unit]) => [owner, name, unit]);
  const widths = () => timeline.labels("SELECT Width FROM Stream.Wall ORDER BY UserLabel").map(([value]) => value);
  const sync = async (property: PropertyDescription, entities = walls) =>
    timeline.sync({ schema: described([property]), entities });

  it("writes one kind of quantity for each unit, which all properties of the schema share", async () => {
    const schema = described(
      [width({ unit: "MM" }), { ...width({ unit: "mm" }), name: "Height" }, { ...width({ unit: "m²" }), name: "Area" }],
      {
        classes: [
          { name: "Door", properties: [width({ unit: "Units.MM" }), { name: "Count", type: "int", unit: "1" }] },
        ],
        links: [
          {
            name: "Feeds",
            source: "Wall",
            target: "Door",
            properties: [{ name: "flow", type: "double", unit: "l/s" }],
          },
        ],
      },
    );
    await timeline.sync({ schema, entities: walls });
    expect(timeline.labels(unitsOf)).to.deep.equal([
      ["Door", "Count", "KOQ_NUMBER_ONE", "u:ONE"],
      ["Door", "Width", "KOQ_LENGTH_MM", "u:MM"],
      ["Feeds", "flow", "KOQ_VOLUMETRIC_FLOW_LITRE_PER_SEC", "u:LITRE_PER_SEC"],
      ["Wall", "Area", "KOQ_AREA_SQ_M", "u:SQ_M"],
      ["Wall", "Height", "KOQ_LENGTH_MM", "u:MM"],
      ["Wall", "Width", "KOQ_LENGTH_MM", "u:MM"],
    ]);
    expect(widths(), "values without a sourceUnit stay").to.deep.equal([240, 0.1]);
    read((imodel) => {
      expect(imodel.querySchemaVersion("Units")).to.equal("1.0.9");
      expect(imodel.querySchemaVersion("Formats")).to.equal("1.0.0");
      const { references } = imodel.getSchemaProps("Stream");
      expect(references).to.deep.include.members([
        { name: "Units", version: "01.00.09" },
        { name: "Formats", version: "01.00.00" },
      ]);
    });
    await timeline.sync({ schema, entities: [...walls, wall("c", { width: 1 })] });
    expect(version(), "what it reads is what it wrote").to.equal("1.0.0");
  });

  it("is understood by the platform, which formats the values", async () => {
    const properties = ["MM", "W/(m²·K)", "kW", "W", "°C", "%", "cm⁴", "kN·m"].map((unit, index) => ({
      name: `P${index}`,
      type: "double" as const,
      unit,
    }));
    await timeline.sync({ schema: described(properties), entities: [wall("a", { p0: 1234.56789 })] });
    const imodel = StandaloneDb.openFile(timeline.iModelPath);
    try {
      const texts: string[] = [];
      for (const [, , kind] of timeline.labels(unitsOf))
        texts.push(await formatted(imodel, kind as string, 1234.56789));
      expect(texts).to.deep.equal([
        "1234.57 mm",
        "1234.56789 W/(m²·ΔK)",
        "1234.56789 kW",
        "1234.56789 W",
        "1234.56789 °C",
        "1234.56789 %",
        "1234.56789 cm⁴",
        "1234.56789 kN·m",
      ]);
    } finally {
      imodel.close();
    }
  });

  it("adds them to an iModel that has the property without a unit", async () => {
    await sync(width());
    expect([units(), version()]).to.deep.equal([[], "1.0.0"]);
    const result = await sync(width({ unit: "MM" }));
    expect([units(), version()]).to.deep.equal([[["Wall", "Width", "u:MM"]], "1.0.1"]);
    expect(counted(result), "no element changes").to.deep.equal([0, 0, 2, 0]);
    expect(issueCodes(result)).to.deep.equal([]);
    expect(widths()).to.deep.equal([240, 0.1]);
    const { issues } = await sync(width());
    expect([units(), version()], "a description without a unit").to.deep.equal([[["Wall", "Width", "u:MM"]], "1.0.1"]);
    expect(issues.map(({ code, message }) => [code, message])).to.deep.equal([
      [
        "schema/no-unit",
        "Stream:Wall.Width is kept in mm, and the source names no unit. Its values are taken as they are.",
      ],
    ]);
  });

  it("tells a unit from another one whose symbol is its name", async () => {
    const forces = ["Units.MN", "Units.MEGAN"].map((unit, index) => ({
      name: `F${index}`,
      type: "double" as const,
      unit,
    }));
    for (const entities of [[wall("a", { f0: 1 })], [wall("a", { f0: 2 })]]) {
      await timeline.sync({ schema: described(forces), entities });
      expect([units(), version()]).to.deep.equal([
        [
          ["Wall", "F0", "u:MN"],
          ["Wall", "F1", "u:MEGAN"],
        ],
        "1.0.0",
      ]);
    }
  });

  it("converts values, and writes nothing where nothing has changed", async () => {
    await sync(width({ unit: "M", sourceUnit: "MM" }));
    expect(widths()).to.deep.equal([0.24, 0.0001]);
    const again = await timeline.sync({
      schema: described([width({ unit: "m", sourceUnit: "Units.MM" })]),
      entities: walls,
      document: { version: "2" },
    });
    expectNothingWritten(again);
    const changed = await sync(width({ unit: "M", sourceUnit: "MM" }), [walls[0]!, wall("b", { width: 3 })]);
    expect(counted(changed)).to.deep.equal([0, 1, 1, 0]);
    expect(widths()).to.deep.equal([0.24, 0.003]);
  });

  it("converts what the iModel has raw as soon as a conversion is described, and when it changes", async () => {
    await sync(width());
    expect(counted(await sync(width({ unit: "M", sourceUnit: "MM" })))).to.deep.equal([0, 2, 0, 0]);
    expect(widths()).to.deep.equal([0.24, 0.0001]);
    expect(counted(await sync(width({ unit: "M", sourceUnit: "CM" })))).to.deep.equal([0, 2, 0, 0]);
    expect(widths()).to.deep.equal([2.4, 0.001]);
    expect(counted(await sync(width({ unit: "M" })))).to.deep.equal([0, 2, 0, 0]);
    expect(widths()).to.deep.equal(walls.map(({ data }) => data!.width));
  });

  it("notices another conversion of entities that have a version and no checksum", async () => {
    const versioned = walls.map((entity) => ({ ...entity, version: "7" }));
    const run = async (sourceUnit: string, document: string) =>
      timeline.sync({
        schema: described([width({ unit: "M", sourceUnit })]),
        entities: versioned,
        document: { version: document },
      });
    await run("MM", "1");
    expect(counted(await run("MM", "2"))).to.deep.equal([0, 0, 2, 0]);
    expect(counted(await run("CM", "3"))).to.deep.equal([0, 2, 0, 0]);
    expect(widths()).to.deep.equal([2.4, 0.001]);
  });

  it("keeps the unit that a property has, converts the values, and reports it", async () => {
    await sync(width({ unit: "MM" }), [wall("a", { width: 240 })]);
    const result = await sync(width({ unit: "M" }), [wall("a", { width: 0.24 }), wall("b", { width: 1.1 })]);
    expect([units(), version()]).to.deep.equal([[["Wall", "Width", "u:MM"]], "1.0.0"]);
    expect(widths()).to.deep.equal([240, 1100]);
    expect(result.issues.map(({ code, message }) => [code, message])).to.deep.equal([
      [
        "schema/unit-kept",
        "Stream:Wall.Width stays in mm, the unit that the iModel has. The source names m; its values are converted.",
      ],
    ]);
    const again = await sync(width({ unit: "FT", sourceUnit: "IN" }), [wall("a", { width: 10 })]);
    expect(issueCodes(again)).to.deep.equal(["schema/unit-kept"]);
    expect(widths()).to.deep.equal([254]);
  });

  it("is right about what the platform refuses: another unit, or none, for a property that has one", async () => {
    await sync(width({ unit: "MM" }));
    const xml = (unit: string, attribute: string) => `<?xml version="1.0" encoding="UTF-8"?>
      <ECSchema schemaName="Stream" alias="Stream" version="01.00.09" description="Classes of the connector Stream test." xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
      <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/><ECSchemaReference name="CoreCustomAttributes" version="01.00.00" alias="CoreCA"/>
      <ECSchemaReference name="Units" version="01.00.09" alias="u"/>
      <ECCustomAttributes><DynamicSchema xmlns="CoreCustomAttributes.01.00.00"/></ECCustomAttributes>
      <KindOfQuantity typeName="KOQ_LENGTH_MM" persistenceUnit="u:MM" relativeError="0.0001"/>
      <KindOfQuantity typeName="Other" persistenceUnit="u:${unit}" relativeError="0.0001"/>
      <ECEntityClass typeName="Wall"><BaseClass>bis:PhysicalElement</BaseClass><ECProperty propertyName="Width" typeName="double" ${attribute}/></ECEntityClass>
      </ECSchema>`;
    for (const attribute of ['kindOfQuantity="Other"', ""]) {
      const imodel = StandaloneDb.openFile(timeline.iModelPath);
      const error = await imodel.importSchemaStrings([xml("M", attribute)]).catch((thrown: unknown) => thrown);
      imodel.abandonChanges();
      imodel.close();
      expect(String(error)).to.match(/persistence unit of a property is not supported|Removing a KindOfQuantity/);
    }
  });

  const refusals: Record<string, { properties: PropertyDescription[]; code: string; message: string; advice: string }> =
    {
      "an unknown unit": {
        properties: [width({ unit: "MMM" })],
        code: "schema/unknown-unit",
        message: `Stream:Wall.Width has the unit "MMM", which is no unit of the platform's schema Units.`,
        advice: 'Use one of "MM", "MM_M", "M_M".',
      },
      "an unknown source unit like no other": {
        properties: [width({ unit: "MM", sourceUnit: "furlongs" })],
        code: "schema/unknown-unit",
        message: `Stream:Wall.Width has the unit "furlongs", which is no unit of the platform's schema Units.`,
        advice: "Give the name of a unit there, such as MM, or its symbol, such as mm or kg/m³.",
      },
      "a text that is a name and a symbol": {
        properties: [width({ unit: "MN" })],
        code: "schema/unknown-unit",
        message: 'Stream:Wall.Width has the unit "MN", which can be mN by its name and MN by its symbol.',
        advice: 'Write "Units.MN" or "Units.MEGAN".',
      },
      "units of different quantities": {
        properties: [width({ unit: "M", sourceUnit: "kg" })],
        code: "schema/invalid-unit",
        message: "Stream:Wall.Width cannot be converted: kg is a unit of mass, and m is one of length.",
        advice: "Give units of one quantity.",
      },
      "a unit of a text": {
        properties: [{ name: "Width", type: "string", unit: "M" }],
        code: "schema/invalid-unit",
        message: 'Stream:Wall.Width has the unit "M", but is a string.',
        advice: "Units are for int, long, double, point2d, point3d.",
      },
      "a source unit alone": {
        properties: [width({ sourceUnit: "M" })],
        code: "schema/invalid-unit",
        message: "Stream:Wall.Width has a sourceUnit but no unit.",
        advice: "Give the unit of the iModel as unit.",
      },
      "a conversion of whole numbers": {
        properties: [{ name: "Width", type: "int", unit: "M", sourceUnit: "MM" }],
        code: "schema/invalid-unit",
        message: "Stream:Wall.Width cannot be converted: it is an int.",
        advice: 'Give it the type "double".',
      },
      "a unit that is no text": {
        properties: [width({ unit: 5 as never })],
        code: "schema/invalid-description",
        message: "getSchemas().Stream.classes.Wall.properties.Width.unit is 5, but must be a text.",
        advice: "Describe schemas, classes and properties as SchemaDescription says.",
      },
    };
  for (const [what, { properties, code, message, advice }] of Object.entries(refusals))
    it(`refuses ${what}`, async () => {
      const { error } = await timeline.run({ schema: described(properties), entities: walls });
      expect([error?.code, error?.message, error?.advice]).to.deep.equal([code, message, advice]);
    });

  it("refuses a unit of another quantity than the property has in the iModel", async () => {
    await sync(width({ unit: "MM" }));
    const { error } = await timeline.run({ schema: described([width({ unit: "kg" })]), entities: walls });
    expect(error?.code).to.equal("schema/incompatible");
    expect(error?.message).to.equal(
      "The unit of Stream:Wall.Width is mm in the iModel and kg in the source: kg is a unit of mass, and mm is one of length.",
    );
  });

  it("keeps a property that a base class has too in the unit of that one", async () => {
    const classes = [
      { name: "Brick", baseClass: "Wall", properties: [width({ unit: "CM" })] },
      { name: "Half", baseClass: "Brick", properties: [{ name: "Note", type: "string" as const }] },
    ];
    const entities = [
      wall("a", { width: 1 }),
      { kind: "Brick", id: "b", data: { width: 1 } },
      { kind: "Half", id: "c", data: { width: 1 } },
    ];
    const result = await timeline.sync({ schema: described([width({ unit: "MM" })], { classes }), entities });
    expect(issueCodes(result)).to.deep.equal(["schema/unit-kept"]);
    expect(units()).to.deep.equal([
      ["Brick", "Width", "u:MM"],
      ["Wall", "Width", "u:MM"],
    ]);
    expect(widths()).to.deep.equal([1, 10, 10]);
  });

  it("keeps a property of relationships in the unit of their base class, likewise", async () => {
    const rate = (unit: string) => ({ name: "rate", type: "double" as const, unit });
    const ends = { source: "Wall", target: "Wall" };
    const links = [
      { name: "Feeds", ...ends, properties: [rate("l/s")] },
      { name: "Floods", baseClass: "Feeds", ...ends, properties: [rate("m³/s")] },
    ];
    const relationships = [{ className: "Stream:Floods", target: { kind: "Wall", id: "b" }, properties: { rate: 2 } }];
    const entities = [{ ...walls[0]!, relationships }, walls[1]!];
    for (const document of ["1", "2"])
      await timeline.sync({ schema: described([width()], { links }), entities, document: { version: document } });
    expect(units()).to.deep.equal([
      ["Feeds", "rate", "u:LITRE_PER_SEC"],
      ["Floods", "rate", "u:LITRE_PER_SEC"],
    ]);
    expect(timeline.labels("SELECT rate FROM Stream.Floods")).to.deep.equal([[2000]]);
    expect(version()).to.equal("1.0.0");
  });

  it("gives a base class no unit that the classes below it do not have", async () => {
    const classes = [
      { name: "Brick", baseClass: "Wall", properties: [width({ unit: "CM" })] },
      { name: "Stone", baseClass: "Wall", properties: [width({ unit: "FT" })] },
    ];
    await timeline.sync({ schema: described([width()], { classes }), entities: walls });
    const result = await timeline.sync({ schema: described([width({ unit: "MM" })], { classes }), entities: walls });
    expect(result.issues.map(({ message }) => message)).to.deep.equal([
      "Stream:Wall.Width has no unit in the iModel, since subclasses keep the same property in other units. Its values are in mm.",
    ]);
    expect(units()).to.deep.equal([
      ["Brick", "Width", "u:CM"],
      ["Stone", "Width", "u:FT"],
    ]);
  });

  it("converts values of parts, aspects, points and relationships", async () => {
    const feeds: LinkClassDescription = {
      name: "Feeds",
      source: "Wall",
      target: "Wall",
      properties: [{ name: "rate", type: "double", unit: "CUB_M_PER_SEC", sourceUnit: "l/s" }],
    };
    const schema = described(
      [
        width({ unit: "M", sourceUnit: "MM" }),
        { name: "Middle", type: "point3d", unit: "M", sourceUnit: "CM" },
        { name: "Heat", type: "double", unit: "°C", sourceUnit: "°F" },
      ],
      {
        classes: [
          {
            name: "Layer",
            baseClass: "BisCore:ElementMultiAspect",
            properties: [{ name: "depth", type: "double", unit: "M", sourceUnit: "IN" }],
          },
        ],
        links: [feeds],
      },
    );
    const entities: TestEntity[] = [
      {
        ...wall("a", { width: 240, middle: { x: 100, y: 250, z: -50 }, heat: 98.6 }),
        parts: [{ classFullName: "Stream.Wall", userLabel: "part", width: 5 }],
        aspects: [{ classFullName: "Stream:Layer", depth: 100 }],
        relationships: [{ className: "Stream.Feeds", target: { kind: "Wall", id: "b" }, properties: { rate: 12 } }],
      },
      wall("b", { width: null, middle: [10, 20, 30] }),
    ];
    await timeline.sync({ schema, entities });
    const rows = timeline.query("SELECT UserLabel, Width, Middle, Heat FROM Stream.Wall ORDER BY UserLabel");
    expect(rows).to.deep.equal([
      { userLabel: "a", width: 0.24, middle: { x: 1, y: 2.5, z: -0.5 }, heat: 37 },
      { userLabel: "b", middle: { x: 0.1, y: 0.2, z: 0.3 } },
      { userLabel: "part", width: 0.005 },
    ]);
    expect(timeline.labels("SELECT depth FROM Stream.Layer")).to.deep.equal([[2.54]]);
    expect(timeline.labels("SELECT rate FROM Stream.Feeds")).to.deep.equal([[0.012]]);

    expectNothingWritten(await timeline.sync({ schema, entities, document: { version: "2" } }));
    feeds.properties![0]!.sourceUnit = "m³/s";
    await timeline.sync({ schema, entities, document: { version: "3" } });
    expect(timeline.labels("SELECT rate FROM Stream.Feeds")).to.deep.equal([[12]]);
  });

  it("leaves a value that is no number to the check of values", async () => {
    const schema = described([width({ unit: "M", sourceUnit: "MM" })]);
    const { error } = await timeline.run({ schema, entities: [wall("a", { width: "240 mm" })] });
    expect(error?.code).to.equal("sync/invalid-value");
    expect(error?.message).to.include('Stream:Wall.width is "240 mm", but must be');
  });

  it("names kinds of quantity as no class is named", async () => {
    const classes = [{ name: "koq_length_mm" }, { name: "Koq_Length_MM_2" }];
    await timeline.sync({ schema: described([width({ unit: "MM" })], { classes }), entities: walls });
    expect(timeline.labels(unitsOf)).to.deep.equal([["Wall", "Width", "KOQ_LENGTH_MM_3", "u:MM"]]);
    const { error } = await timeline.run({
      schema: described([width({ unit: "MM" })], { classes: [{ name: "KOQ_LENGTH_MM_3" }] }),
      entities: [],
    });
    expect([error?.code, error?.message]).to.deep.equal([
      "schema/incompatible",
      'Stream has a class of elements named "KOQ_LENGTH_MM_3", and cannot have a kind of quantity of that name.',
    ]);
  });

  it("adds them in a bank, in the push of the run", async () => {
    const bankFolder = join(timeline.folder, "bank");
    const bank = IModelBank.create(bankFolder);
    const hub = new BankHubAccess(bank, writeVersionZero);
    const bankArgs = Object.assign(new IModelBankArgs(), { url: bankFolder, iModelName: "walls", createiModel: true });
    const run = async (property: PropertyDescription) => {
      const { jobArgs } = timeline;
      await timeline.sync({ schema: described([property]), entities: walls }); // writes the source
      const args = Object.assign(jobArgs, { outputDir: undefined });
      const runner = new ConnectorRunner(args, bankArgs, { cacheDirectory: join(timeline.folder, "cache") });
      await runner.synchronize();
      expect(runner.result.error, String(runner.result.error?.stack)).to.equal(undefined);
      const { id } = bank.find("walls");
      const path = join(timeline.folder, `${property.unit}.bim`);
      await checkOut(hub, id, bank.latest(id).index, path);
      return queryFile(path, unitsOf).map((row) => Object.values(row).at(-1));
    };
    expect(await run(width())).to.deep.equal([]);
    expect(await run(width({ unit: "MM" }))).to.deep.equal(["u:MM"]);
  });
});

/** A value as the platform shows it, by the presentation format of a kind of quantity. */
async function formatted(imodel: IModelDb, name: string, value: number): Promise<string> {
  const context = imodel.schemaContext;
  const kind = (await context.getSchemaItem("Stream", name, KindOfQuantity))!;
  const provider: UnitsProvider = new SchemaUnitProvider(context);
  const persistence = await provider.findUnitByName((await kind.persistenceUnit)!.fullName);
  const definition = (await new SchemaFormatsProvider(context).getFormat(kind.fullName))!;
  const format = await Format.createFromJSON(kind.fullName, provider, definition);
  const spec = await FormatterSpec.create(kind.fullName, format, provider, persistence);
  return spec.applyFormatting(value);
}
