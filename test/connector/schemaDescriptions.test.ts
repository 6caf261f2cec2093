import type { SnapshotDb } from "@itwin/core-backend";
import { Code, IModel, type ElementProps } from "@itwin/core-common";
import { expect } from "chai";
import { ConnectorError, type SchemaDescription } from "itwin-connector-framework";
import { importDescription } from "../../src/connector/schema/importSchemas.js";
import { createIModel, query } from "../support/iModels.js";

const text = (name: string) => ({ name, type: "string" as const });
const pump = { name: "Pump", properties: [text("note")] };
const withProperty = (name: string, baseClass?: string): SchemaDescription => ({
  name: "S",
  classes: [{ name: "Pump", properties: [text(name)], baseClass }],
});

/** Descriptions with a fault, with what the error says. */
const faults: Record<string, [schema: SchemaDescription, code: string, message: RegExp, advice: RegExp]> = {
  "a property with a blank": [
    withProperty("Max flow"),
    "schema/invalid-name",
    /^A property of S:Pump cannot be named "Max flow"/,
    /"Max_flow".*label/,
  ],
  "a property that begins with a digit": [withProperty("2nd"), "schema/invalid-name", /"2nd"/, /"_2nd"/],
  "a property with a letter beyond ASCII": [withProperty("Größe"), "schema/invalid-name", /"Größe"/, /"Gr_e"/],
  "a property without a name": [withProperty(""), "schema/invalid-name", /""/, /"_"/],
  "a property that elements have": [withProperty("Model"), "schema/invalid-name", /S:Pump .*"Model"/, /"Model_"/],
  "a property that all elements have under other names": [
    withProperty("CodeValue"),
    "schema/invalid-name",
    /"CodeValue"/,
    /"CodeValue_"/,
  ],
  "a property that geometric elements have": [withProperty("yaw"), "schema/invalid-name", /"yaw"/, /"yaw_"/],
  "a property that props have": [withProperty("classFullName"), "schema/invalid-name", /"classFullName"/, /_"/],
  "a property that objects of JavaScript have": [
    withProperty("Constructor"),
    "schema/invalid-name",
    /./,
    /"Constructor_"/,
  ],
  "the prototype as a property": [withProperty("__proto__"), "schema/invalid-name", /JavaScript/, /"proto_"/],
  "a property that aspects have": [
    withProperty("Element", "BisCore:ElementMultiAspect"),
    "schema/invalid-name",
    /"Element"/,
    /"Element_"/,
  ],
  "a property that ECSQL has": [withProperty("ECInstanceId"), "schema/invalid-name", /"ECInstanceId"/, /_"/],
  "a property that the base class of a described base class has": [
    {
      name: "S",
      classes: [
        { name: "Base", baseClass: "BisCore:RepositoryLink" },
        { name: "Derived", baseClass: "Base", properties: [text("Url")] },
      ],
    },
    "schema/invalid-name",
    /^S:Derived .*"Url"/,
    /"Url_"/,
  ],
  "two properties of one name in two cases": [
    { name: "S", classes: [{ name: "Pump", properties: [text("Flow"), text("flow")] }] },
    "schema/duplicate-name",
    /^S:Pump has two properties named "flow"/,
    /any case/,
  ],
  "a navigation property with the name of a property": [
    {
      name: "S",
      classes: [{ name: "Pump", properties: [text("spare")], navigations: [{ name: "Spare", target: "Pump" }] }],
    },
    "schema/duplicate-name",
    /"Spare"/,
    /any case/,
  ],
  "two classes of one name": [
    { name: "S", classes: [pump, { name: "PUMP" }] },
    "schema/duplicate-name",
    /^The schema S has two classes named "PUMP"/,
    /any case/,
  ],
  "a link with the name of a class": [
    { name: "S", classes: [pump], links: [{ name: "Pump", source: "Pump", target: "Pump" }] },
    "schema/duplicate-name",
    /"Pump"/,
    /any case/,
  ],
  "a class with a hyphen": [
    { name: "S", classes: [{ name: "Heat-pump" }] },
    "schema/invalid-name",
    /A class of S/,
    /"Heat_pump"/,
  ],
  "a schema with a blank": [{ name: "My schema", classes: [] }, "schema/invalid-name", /^The schema/, /"My_schema"/],
  "an alias with a dot": [
    { name: "S", alias: "s.1", classes: [] },
    "schema/invalid-name",
    /^The alias of the schema S/,
    /"s_1"/,
  ],
  "an unknown type": [
    { name: "S", classes: [{ name: "Pump", properties: [{ name: "flow", type: "duble" as never }] }] },
    "schema/invalid-type",
    /^S:Pump.flow has the type "duble"/,
    /Use "double"/,
  ],
  "an unknown base class": [
    { name: "S", classes: [{ name: "Pump", baseClass: "BisCore:PhysicalElment" }] },
    "schema/unknown-class",
    /^The base class of S:Pump, BisCore:PhysicalElment, does not exist/,
    /PhysicalElement/,
  ],
  "an unknown target of a navigation property": [
    { name: "S", classes: [{ name: "Pump", navigations: [{ name: "spare", target: "Pomp" }] }] },
    "schema/unknown-class",
    /^The target of S:Pump.spare, S:Pomp,/,
    /Use "Pump"/,
  ],
  "an unknown end of a link": [
    { name: "S", classes: [pump], links: [{ name: "Feeds", source: "Pump", target: "Valve" }] },
    "schema/unknown-class",
    /^The target of S:Feeds, S:Valve,/,
    /Use one of: Pump/,
  ],
  "a link with a property that relationships have": [
    {
      name: "S",
      classes: [pump],
      links: [{ name: "Feeds", source: "Pump", target: "Pump", properties: [text("sourceId")] }],
    },
    "schema/invalid-name",
    /^S:Feeds .*"sourceId"/,
    /"sourceId_"/,
  ],
  "a class that is its own base class": [
    {
      name: "S",
      classes: [
        { name: "Pump", baseClass: "Valve" },
        { name: "Valve", baseClass: "Pump" },
      ],
    },
    "schema/unknown-class",
    /derived from itself/,
    /base class/,
  ],
  "a link that is its own base class": [
    {
      name: "S",
      classes: [pump],
      links: [
        { name: "Feeds", baseClass: "Drains", source: "Pump", target: "Pump" },
        { name: "Drains", baseClass: "Feeds", source: "Pump", target: "Pump" },
      ],
    },
    "schema/unknown-class",
    /derived from itself/,
    /base class/,
  ],
};

const derivedFrom = (baseClass: string): SchemaDescription => ({ name: "S", classes: [{ name: "Pump", baseClass }] });
const linkBelow = (baseClass: string, source = "Pump"): SchemaDescription => ({
  name: "S",
  classes: [pump],
  links: [{ name: "Feeds", baseClass, source, target: "Pump" }],
});
const leadingTo = (target: string): SchemaDescription => ({
  name: "S",
  classes: [
    { name: "Pump", navigations: [{ name: "spare", target }] },
    { name: "Note", baseClass: "BisCore:ElementMultiAspect" },
  ],
  links: [{ name: "Feeds", source: "Pump", target: "Pump" }],
});

/** Classes that exist, in places where they do not fit, with why. */
const misfits: [schema: SchemaDescription, message: RegExp][] = [
  [derivedFrom("BisCore:SpatialCategory"), /^The base class of S:Pump, BisCore:SpatialCategory, is sealed/],
  [derivedFrom("BisCore:ISubModeledElement"), /is a mixin/],
  [derivedFrom("BisCore:Element"), /in its own schema only/],
  [derivedFrom("BisCore:GeometricElement"), /in its own schema only/],
  [derivedFrom("BisCore:ElementAspect"), /is no class of elements or their aspects/],
  [derivedFrom("BisCore:PhysicalModel"), /is no class of elements or their aspects/],
  [derivedFrom("BisCore:ClassHasHandler"), /is no class of elements or their aspects/],
  [derivedFrom("BisCore:ElementRefersToElements"), /is a class of relationships/],
  [
    linkBelow("BisCore:Element"),
    /^The base class of S:Feeds, BisCore:Element, is no class of link-table relationships/,
  ],
  [linkBelow("BisCore:ElementOwnsChildElements"), /is no class of link-table relationships/],
  [linkBelow("Pump"), /^The base class of S:Feeds, S:Pump, is a class of elements/],
  [
    { ...linkBelow("BisCore:ElementRefersToElements"), ...derivedFrom("Feeds") },
    /is a class of relationships of the same/,
  ],
  [
    linkBelow("BisCore:DrawingGraphicRepresentsElement"),
    /^The source of S:Feeds, S:Pump, is not derived from BisCore:Dr/,
  ],
  [linkBelow("BisCore:ElementRefersToElements", "BisCore:PhysicalModel"), /is not derived from BisCore:Element/],
  [leadingTo("BisCore:ElementRefersToElements"), /^The target of S:Pump.spare, .* is no class of elements/],
  [leadingTo("Feeds"), /is a class of relationships/],
  [
    leadingTo("BisCore:ElementAspect"),
    /^The target of S:Pump.spare, BisCore:ElementAspect, is no class of elements or m/,
  ],
  [leadingTo("BisCore:ElementMultiAspect"), /is no class of elements or models/],
  [leadingTo("BisCore:CodeSpec"), /is no class of elements or models/],
  [leadingTo("ECDbMeta:ECClassDef"), /is no class of elements or models/],
  [leadingTo("Note"), /^The target of S:Pump.spare, S:Note, is no class of elements or models/],
];

const mixin = (name: string, owner: string) => `
  <ECEntityClass typeName="${name}" modifier="Abstract"><ECCustomAttributes>
    <IsMixin xmlns="CoreCustomAttributes.01.00.03"><AppliesToEntityClass>${owner}</AppliesToEntityClass></IsMixin>
  </ECCustomAttributes></ECEntityClass>`;
const mixinOfModels = `<?xml version="1.0" encoding="UTF-8"?>
  <ECSchema schemaName="M" alias="m" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
    <ECSchemaReference name="BisCore" version="01.00.14" alias="bis"/>
    <ECSchemaReference name="CoreCustomAttributes" version="01.00.03" alias="CoreCA"/>
    ${mixin("IModelled", "bis:PhysicalModel")}${mixin("IRemark", "bis:ElementMultiAspect")}
  </ECSchema>`;

const base = (...properties: object[]) => ({ name: "Base", properties }) as SchemaDescription["classes"][number];
const derived = (rest: object) => ({ name: "Derived", baseClass: "Base", ...rest });
const spare = { navigations: [{ name: "spare", target: "Base" }] };

/** Descriptions of one schema, one after the other, of which the last one does not go with what is there. */
const contradictions: [descriptions: Omit<SchemaDescription, "name">[], message: RegExp][] = [
  [
    [{ classes: [base(text("a")), derived({ properties: [{ name: "a", type: "int" }] })] }],
    /^S:Derived cannot have a property of type int named "a": its base class S:Base has a property of type string named "a"/,
  ],
  [[{ classes: [base(text("a")), derived({ properties: [text("A")] })] }], /S:Derived .* named "A"/],
  [[{ classes: [base(text("spare")), derived(spare)] }], /a navigation property named "spare"/],
  [[{ classes: [{ ...base(), ...spare }, derived({ properties: [text("spare")] })] }], /has a navigation property/],
  [
    [
      {
        classes: [
          base(text("a")),
          derived({}),
          { name: "Last", baseClass: "Derived", properties: [{ name: "a", type: "int" }] },
        ],
      },
    ],
    /^S:Last .* S:Base/,
  ],
  [
    [
      { classes: [base(), derived({ properties: [text("a")] })] },
      { classes: [base({ name: "a", type: "int" }), derived({ properties: [text("a")] })] },
    ],
    /^S:Derived/,
  ],
  [
    [{ classes: [{ ...base(), ...spare }] }, { classes: [base(text("spare"))] }],
    /^S:Base has a property of type string/,
  ],
  [
    [{ classes: [base(), pump] }, { classes: [base()], links: [{ name: "pump", source: "Base", target: "Base" }] }],
    /^S has a class of elements named "Pump"/,
  ],
];

describe("The description of a schema", () => {
  let imodel: SnapshotDb;
  beforeEach(() => {
    imodel = createIModel();
  });
  afterEach(() => imodel.close());

  it("is refused with the class, the property and a name that would do", async () => {
    for (const [what, [schema, code, message, advice]] of Object.entries(faults)) {
      const error = await importDescription(imodel, schema, "test").catch((thrown: unknown) => thrown);
      if (!(error instanceof ConnectorError)) throw new Error(`${what} is not refused`, { cause: error });
      expect(error.code, what).to.equal(code);
      expect(error.message, what).to.match(message);
      expect(error.advice, what).to.match(advice);
    }
  });

  it("is refused where a class does not fit, with the reason", async () => {
    for (const [schema, message] of misfits) {
      const error = await importDescription(imodel, schema, "test").catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(schema))
        .to.be.instanceOf(ConnectorError)
        .and.to.include({ code: "schema/wrong-class" });
      expect((error as Error).message).to.match(message);
    }
  });

  it("is refused where a property or class contradicts another one of the same schema", async () => {
    for (const [index, [descriptions, message]] of contradictions.entries()) {
      const name = `S${index}`;
      let error: unknown;
      for (const description of descriptions)
        error = await importDescription(imodel, { name, ...description }, "test").catch((thrown: unknown) => thrown);
      expect(error, String(message)).to.be.instanceOf(ConnectorError).and.to.include({ code: "schema/incompatible" });
      expect((error as Error).message.replaceAll(name, "S")).to.match(message);
    }
    const same = [base(text("a")), derived({ properties: [text("a")] })];
    await importDescription(imodel, { name: "Same", classes: same }, "test");
  });

  it("is told which class is meant by an alias, or by another case of letters", async () => {
    for (const [given, advice] of [
      ["bis:PhysicalElement", 'Use "BisCore:PhysicalElement": bis is the alias of that schema.'],
      ["biscore:PhysicalElement", 'Use "BisCore:PhysicalElement".'],
    ]) {
      const error = await importDescription(imodel, derivedFrom(given!), "test").catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "schema/unknown-class", advice });
    }
    const taken = { ...derivedFrom("BisCore:PhysicalElement"), alias: "BIS" };
    const error = await importDescription(imodel, taken, "test").catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal("The alias of the schema S, BIS, is that of BisCore.");
  });

  it("is accepted with every name that it advises", async () => {
    const names = Object.values(faults)
      .map(([, , , advice]) => /"(\w+)"/.exec(advice.source)?.[1])
      .filter((name) => name !== undefined && name !== "double");
    const properties = [...new Set(names.map((name) => name!.toLowerCase()))].map(text);
    await importDescription(imodel, { name: "S", classes: [{ name: "Thing", properties }] }, "test");
    expect(query(imodel, "SELECT count(*) n FROM S.Thing")[0]!.n).to.equal(0);
  });

  it("may have navigation properties to elements, models and the mixins of either", async () => {
    const targets = ["BisCore:Element", "Pump", "BisCore:PhysicalModel", "BisCore:ISubModeledElement", "M:IModelled"];
    await imodel.importSchemaStrings([mixinOfModels]);
    for (const [index, target] of targets.entries())
      await importDescription(imodel, { ...leadingTo(target), name: `S${index}` }, "test");
    const placed: ElementProps = {
      classFullName: "S4:Pump",
      model: IModel.dictionaryId,
      code: Code.createEmpty(),
    };
    expect(imodel.constructEntity(placed).classFullName).to.equal("S4:Pump");
    const error = await importDescription(imodel, leadingTo("M:IRemark"), "test").catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "schema/wrong-class" });
  });

  it("may derive classes from each other, and refer to those that the iModel has", async () => {
    const schema: SchemaDescription = {
      name: "S",
      classes: [
        { name: "Derived", baseClass: "Base", navigations: [{ name: "link", target: "BisCore:RepositoryLink" }] },
        { name: "Base" },
      ],
      links: [{ name: "Feeds", source: "Base", target: "S:Derived", properties: [text("kind")] }],
    };
    await importDescription(imodel, schema, "test");
    await importDescription(
      imodel,
      { ...schema, classes: [{ name: "More", baseClass: "Derived" }], links: [] },
      "test",
    );
    expect(imodel.querySchemaVersion("S")).to.equal("1.0.1");
  });
});
