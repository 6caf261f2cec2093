import {
  Code,
  ElementGeometry,
  GeometryParams,
  GeometryStreamBuilder,
  IModel,
  TextString,
  type ElementProps,
  type GeometricElement3dProps,
} from "@itwin/core-common";
import { Angle, LineSegment3d, LineString3d, Point3d, Sphere } from "@itwin/core-geometry";
import { expect } from "chai";
import { ConnectorError, ItemState, Synchronizer, type SynchronizationResults } from "itwin-connector-framework";
import { importDescription } from "../../../src/connector/schema/importSchemas.js";
import { findAspectLosses } from "../../../src/testing/bench/readBack.js";
import { valueChecksOf } from "../../../src/sync/values/ValueChecks.js";
import { query } from "../../support/iModels.js";
import { ball, ValueScene, type ThingProps } from "./scene.js";

const owner = { name: 'Thing "a"' };
const atOrigin = { origin: [0, 0, 0], angles: {} };

function line(x: number) {
  const builder = new GeometryStreamBuilder();
  builder.appendGeometry(LineString3d.createPoints([Point3d.createZero(), Point3d.create(x, 1, 1)]));
  return builder.geometryStream;
}

/** Props with a fault, with the code and the words of the error. */
const faults: Record<string, [props: ThingProps, code: string, words: string]> = {
  "a property in another case": [{ The_int: 5 }, "sync/unknown-property", 'has no property "The_int"'],
  "a misspelt property": [{ the_imt: 5 }, "sync/unknown-property", 'has no property "the_imt"'],
  "a member of its placement at the top": [{ origin: [1, 2, 3] }, "sync/unknown-property", '"origin"'],
  "a label that is a number": [{ userLabel: 7 as never }, "sync/invalid-value", "userLabel is 7"],
  "a label with a NUL": [{ userLabel: "a\0b" }, "sync/invalid-value", 'userLabel is "a\\u0000b"'],
  "a code with a NUL": [
    { code: { spec: "0x1", scope: "0x1", value: "a\0b" } },
    "sync/invalid-value",
    'code.value is "a\\u0000b"',
  ],
  "NaN in its JSON": [{ jsonProperties: { a: [1, NaN] } }, "sync/invalid-value", "jsonProperties.a[1] is NaN"],
  "a NUL in its JSON": [{ jsonProperties: { a: { b: "\0" } } }, "sync/invalid-value", "jsonProperties.a.b"],
  "a parent that is an id": [{ parent: "0x1" as never }, "sync/invalid-value", 'parent is "0x1"'],
  "a navigation property that is an id": [{ spare: "0x1" }, "sync/invalid-value", 'spare is "0x1"'],
  "a navigation property without an id": [{ spare: {} }, "sync/invalid-value", "spare is {}"],
  "a navigation property that is null text": [{ spare: { id: "none" } }, "sync/invalid-value", "spare is"],
  "a navigation property to an element of another class": [
    { spare: { id: IModel.rootSubjectId } },
    "sync/invalid-value",
    'spare is "0x1", but must be the id of a Values:Thing',
  ],
  "a navigation property to an element that is not there": [
    { spare: { id: "0xfffff" } },
    "sync/invalid-value",
    "spare",
  ],
  "a navigation property with another relationship": [
    { spare: { id: "0", relClassName: "BisCore:ElementRefersToElements" } },
    "sync/invalid-value",
    "spare.relClassName",
  ],
  "geometry without a placement": [{ geom: ball() }, "sync/missing-value", "geometry but no placement"],
  "geometry with null for a placement": [
    { geom: ball(), placement: null },
    "sync/missing-value",
    "geometry but no placement",
  ],
  "texts as coordinates": [
    {
      geom: [
        {
          lineSegment: [
            ["1", 0, 0],
            [1, 1, 1],
          ],
        },
      ],
      placement: atOrigin,
    },
    "sync/invalid-value",
    'geom[0].lineSegment[0][0] is "1"',
  ],
  "a coordinate that is missing": [
    {
      geom: [
        {
          lineSegment: [
            [null, 0, 0],
            [1, 1, 1],
          ],
        },
      ],
      placement: atOrigin,
    },
    "sync/invalid-value",
    "geom[0].lineSegment[0][0] is null",
  ],
  "JSON properties that are a text": [{ jsonProperties: "text" }, "sync/invalid-value", "jsonProperties is"],
  "a placement of NaN": [{ placement: { origin: [1, NaN, 0], angles: {} } }, "sync/invalid-value", "origin[1] is NaN"],
  "a placement without an origin": [{ placement: { angles: { yaw: 5 } } }, "sync/invalid-value", "placement.origin"],
  "a misspelt origin": [{ placement: { orgin: [1, 2, 3] } }, "sync/invalid-value", "placement.orgin"],
  "an origin of texts": [{ placement: { origin: ["1", 0, 0] } }, "sync/invalid-value", "origin[0]"],
  "an origin beyond the Earth": [
    { placement: { origin: [0, 0, -5e9] } },
    "sync/invalid-value",
    "origin[2] is -5000000000",
  ],
  "an angle of NaN": [{ placement: { ...atOrigin, angles: { yaw: NaN } } }, "sync/invalid-value", "angles.yaw is NaN"],
  "a misspelt angle": [{ placement: { ...atOrigin, angles: { yew: 1 } } }, "sync/invalid-value", "angles.yew"],
  "an angle in turns": [
    { placement: { ...atOrigin, angles: { yaw: { turns: 0.25 } } } },
    "sync/invalid-value",
    "angles.yaw is { turns: 0.25 }, but must be an angle in degrees",
  ],
  "an angle with two units, one of them unknown": [
    { placement: { ...atOrigin, angles: { roll: { degrees: 5, gons: 5 } } } },
    "sync/invalid-value",
    "angles.roll",
  ],
  "an angle without a number": [{ placement: { ...atOrigin, angles: { pitch: {} } } }, "sync/invalid-value", "pitch"],
  "a code with a misspelt value": [
    { code: { spec: "0x1", scope: "0x1", valu: "a" } as never },
    "sync/invalid-value",
    'code.valu is "a", but must be nothing: its members are spec, scope, value',
  ],
  "a code with a name": [
    { code: { spec: "0x1", scope: "0x1", name: "a" } as never },
    "sync/invalid-value",
    "code.name",
  ],
  "an array of structs with null": [
    { the_sizes: [{ width: 1 }, null] },
    "sync/invalid-value",
    "the_sizes[1] is null, but must be an object",
  ],
  "an array of structs with undefined": [{ the_sizes: [undefined] }, "sync/invalid-value", "the_sizes[0] is undefined"],
  "an array with null": [{ the_list: [1, null] }, "sync/invalid-value", "the_list[1] is null"],
  "a placement of a plane": [{ placement: { origin: [1, 2], angle: 45 } }, "sync/invalid-value", "placement.angle"],
  "a placement that is a number": [{ placement: 5 }, "sync/invalid-value", "placement is 5"],
  "NaN in its geometry": [{ geom: line(NaN), placement: atOrigin }, "sync/invalid-value", "lineString[1][0] is NaN"],
  "infinite geometry": [{ geom: line(Infinity), placement: atOrigin }, "sync/invalid-value", "lineString[1][0]"],
  "geometry larger than the Earth": [{ geom: line(1e10), placement: atOrigin }, "sync/invalid-value", "10000000000"],
  "geometry of an unknown kind": [{ geom: [{ blob: 1 }], placement: atOrigin }, "sync/invalid-value", "geom[0].blob"],
  "geometry that is a text": [{ geom: "ball", placement: atOrigin }, "sync/invalid-value", 'geom is "ball"'],
  "an unknown class": [{ classFullName: "Values:Thin" }, "sync/unknown-class", "Values:Thin"],
  "a class of an unknown schema": [{ classFullName: "Valuable:Thing" }, "sync/unknown-class", "Valuable:Thing"],
  "no value for a property that needs one": [
    { classFullName: "Values:Strict" },
    "sync/missing-value",
    "no value for Values:Strict.needed",
  ],
};

/** Props without a fault. */
const faultless: Record<string, ThingProps> = {
  "geometry with a placement": { geom: ball(), placement: atOrigin },
  "a placement without angles": { geom: ball(), placement: { origin: { x: 1, y: 2, z: 3 } } },
  "a color with opacity in its geometry": {
    geom: [{ appearance: { color: 4294967295 } }, ...ball()],
    placement: atOrigin,
  },
  "results of an analysis on a mesh": {
    geom: [
      {
        indexedMesh: { point: [[0, 0, 0]], pointIndex: [1], auxData: { channels: [{ data: [{ values: [2.5e8] }] }] } },
      },
    ],
    placement: atOrigin,
  },
  "geometry of a part, which has no placement": {
    classFullName: "BisCore:GeometryPart",
    category: undefined,
    geom: ball(),
  },
  "an empty geometry stream": { geom: [] },
  "a navigation property that leads nowhere": { spare: { id: "0" } },
  "a navigation property that leads nowhere, as other programs write it": { spare: { id: "0x0" } },
  "a value that the schema requires": { classFullName: "Values:Strict", needed: "" },
  "angles in degrees and radians": {
    placement: { ...atOrigin, angles: { yaw: { degrees: 5 }, pitch: { radians: 1 }, roll: Angle.createDegrees(3) } },
  },
  "angles in the members of an instance": {
    placement: { ...atOrigin, angles: { yaw: { _degrees: 90, _radians: 1.57 }, pitch: undefined } },
  },
  "a code as an instance": { code: new Code({ spec: "0x1", scope: "0x1", value: "P-1" }) },
  "a class with a dot": { classFullName: "Values.Thing", the_int: 1 },
  "structs with members that are null": { the_sizes: [{ width: null }], the_size: null },
  "a navigation property that is null": { spare: null },
  "a code": { code: { spec: "0x1", scope: "0x1", value: "P-1" } },
  "JSON of any depth": { jsonProperties: { a: [{ b: null, c: "d", e: 1.5, f: true }] } },
};

describe("The check of an element", () => {
  let scene: ValueScene;
  beforeEach(async () => {
    scene = await ValueScene.create();
  });
  afterEach(() => scene.imodel.close());

  const start = () => new Synchronizer(scene.imodel, false);
  const failure = (work: () => unknown): ConnectorError => {
    try {
      work();
    } catch (error) {
      if (error instanceof ConnectorError) return error;
      throw error;
    }
    return new ConnectorError("none", "no failure");
  };
  const write = (results: SynchronizationResults, id = "a") => {
    const item = { id, checksum: "1" };
    const sync = start();
    sync.detectChanges(IModel.rootSubjectId, "Thing", item);
    return sync.updateIModel(results, IModel.rootSubjectId, item, "Thing");
  };
  const count = () => query(scene.imodel, "SELECT count(*) n FROM [Values].Thing")[0]!.n;

  it("writes bytes in a Buffer as those in a Uint8Array", () => {
    for (const [id, bytes] of Object.entries({ a: Buffer.from("hi"), b: new Uint8Array([104, 105]) })) {
      const element = scene.elementOf({ the_binary: bytes });
      write({ element, itemState: ItemState.New }, id);
      const held = scene.imodel.elements.getElementProps<ElementProps & { the_binary: Uint8Array }>(element.id);
      expect([...held.the_binary], id).to.deep.equal([104, 105]);
    }
  });

  it("names the property and the reason where the iModel refuses an element", () => {
    const data = (append: (builder: ElementGeometry.Builder) => void) => {
      const builder = new ElementGeometry.Builder();
      append(builder);
      return { placement: atOrigin, elementGeometryBuilderParams: { entryArray: builder.entries } };
    };
    const lineTo = (x: number) => data((builder) => builder.appendGeometryQuery(LineSegment3d.createXYXY(0, 0, x, 1)));
    const codeOf = (code: object) => ({ code: { spec: "0x1", scope: "0x1", value: "x", ...code } });
    const refused: [props: ThingProps, words: string][] = [
      [{ classFullName: "BisCore:PhysicalElement" }, "classFullName is "],
      [{ model: "0x1" }, 'model is "0x1", but must be a model that takes a Values:Thing'],
      [{ model: "0xfffff" }, 'model is "0xfffff", but must be the id of a model'],
      [codeOf({ value: "x".repeat(351) }), "at most 350 bytes"],
      [codeOf({ value: "é".repeat(176) }), "at most 350 bytes"],
      [codeOf({ spec: "0xfffff" }), "code.spec is"],
      [codeOf({ scope: "0xfffff" }), "code.scope is"],
      [{ parent: { id: "0xfffff", relClassName: "BisCore:ElementOwnsChildElements" } }, 'parent.id is "0xfffff"'],
      [lineTo(NaN), "elementGeometryBuilderParams.entryArray[0].lineSegment[1][0] is NaN"],
      [lineTo(9e7), "entryArray[0].lineSegment[1][0] is 90000000"],
      [data((builder) => builder.appendGeometryPart3d("0xfffff")), "must be the id of a BisCore:GeometryPart"],
    ];
    scene.imodel.saveChanges();
    for (const [props, words] of refused) {
      const element = scene.elementOf(props);
      const { elementGeometryBuilderParams } = props;
      if (elementGeometryBuilderParams !== undefined) Object.assign(element, { elementGeometryBuilderParams });
      const error = failure(() => write({ element, itemState: ItemState.New }, words));
      expect(error.code, words).to.equal("sync/insert-failed");
      expect(error.message).to.include(words);
      scene.imodel.abandonChanges();
    }
    for (const right of [codeOf({ value: "x".repeat(350) }), codeOf({ value: "é".repeat(175) }), lineTo(4e7)])
      write({ element: scene.elementOf(right), itemState: ItemState.New }, JSON.stringify(right));
  });

  it("refuses binary geometry that is none", () => {
    const check = (elementGeometryBuilderParams: unknown) =>
      failure(() =>
        valueChecksOf(scene.imodel).checkProps(
          scene.propsOf({ placement: atOrigin, elementGeometryBuilderParams }),
          owner,
        ),
      );
    const { data, opcode } = ElementGeometry.fromGeometryQuery(LineSegment3d.createXYXY(0, 0, 1, 1))!;
    const garbage = new Uint8Array([1, 2, 3]);
    for (const entry of [{ opcode, data: garbage }, { opcode: 4, data: garbage }, { opcode: 999, data }, { opcode }])
      expect(check({ entryArray: [{ opcode, data }, entry] }).message).to.include("entryArray[1] is");
    for (const params of [{}, { entries: [] }, "x"]) expect(check(params).message).to.include("with an entryArray");
    expect(check({ entryArray: [{ opcode, data }] }).code).to.equal("none");
    const builder = new ElementGeometry.Builder();
    builder.appendGeometryParamsChange(new GeometryParams(scene.category));
    builder.appendTextString(new TextString({ text: "a", font: 1, height: 1 }));
    builder.appendGeometryQuery(Sphere.createCenterRadius(Point3d.createZero(), 1));
    builder.appendGeometryPart3d("0x1");
    expect(builder.entries).to.have.lengthOf(4);
    expect(check({ entryArray: builder.entries }).code, "all kinds").to.equal("none");
  });

  it("refuses every fault, and names the owner, the property and the value", () => {
    const valueChecks = valueChecksOf(scene.imodel);
    for (const [name, [props, code, words]] of Object.entries(faults)) {
      const error = failure(() => valueChecks.checkProps(scene.propsOf(props), owner));
      expect(error.code, name).to.equal(code);
      expect(error.message, name)
        .to.include(words)
        .and.to.match(/^Thing "a"/);
    }
  });

  it("accepts what has no fault", () => {
    for (const [name, props] of Object.entries(faultless))
      expect(() => valueChecksOf(scene.imodel).checkProps(scene.propsOf(props), owner), name).not.to.throw();
  });

  it("names the property or the class that was meant", () => {
    const valueChecks = valueChecksOf(scene.imodel);
    const adviceFor = (props: ThingProps) => failure(() => valueChecks.checkProps(scene.propsOf(props), owner)).advice;
    expect(adviceFor({ The_int: 5 })).to.include('Use "the_int".');
    expect(adviceFor({ usrLabel: "x" })).to.include('Use "userLabel".');
    expect(adviceFor({ classFullName: "Values:Thin" })).to.equal('Use "Thing".');
    expect(adviceFor({ classFullName: "v:Thing" })).to.equal('Use "Values:Thing".');
    expect(adviceFor({ classFullName: "Valuable:Thing" })).to.equal("Import the schema Valuable first.");
  });

  it("refuses elements with a fault before anything of them is written", () => {
    const element = (props: ThingProps) => scene.elementOf(props);
    const wrong: SynchronizationResults[] = [
      { element: element({ the_int: 1.5 }), itemState: ItemState.New },
      { element: Object.assign(element({}), { hight: 5 }), itemState: ItemState.New },
      {
        element: element({}),
        itemState: ItemState.New,
        childElements: [{ element: element({ the_string: 5 }), itemState: ItemState.New }],
      },
      {
        element: element({}),
        itemState: ItemState.New,
        aspects: { schemas: ["Values"], props: [{ classFullName: "Values:Remark", Text: "x" }] },
      },
    ];
    const codes = wrong.map((results) => failure(() => write(results)).code);
    expect(codes).to.deep.equal([
      "sync/invalid-value",
      "sync/unknown-property",
      "sync/invalid-value",
      "sync/unknown-property",
    ]);
    expect(count()).to.equal(0);
  });

  it("names the item of a part", () => {
    const part = { element: scene.elementOf({ the_int: "5" }), itemState: ItemState.New };
    const results = { element: scene.elementOf({}), itemState: ItemState.New, childElements: [part] };
    expect(failure(() => write(results)).message).to.match(/^A part of Thing "a": Values:Thing.the_int is "5"/);
  });

  it("refuses an update with a fault, and leaves the element as it is", () => {
    write({ element: scene.elementOf({ the_int: 5 }), itemState: ItemState.New });
    const sync = start();
    const item = { id: "a", checksum: "2" };
    const { id } = sync.detectChanges(IModel.rootSubjectId, "Thing", item);
    const changed = { element: scene.elementOf({ the_int: NaN }), itemState: ItemState.Changed };
    const update = () => sync.updateIModel(changed, IModel.rootSubjectId, item, "Thing");
    expect(failure(update).code).to.equal("sync/invalid-value");
    expect(scene.imodel.elements.getElementProps<GeometricElement3dProps & { the_int: number }>(id!).the_int).to.equal(
      5,
    );
  });

  it("covers elements without provenance", () => {
    const results = () => ({ element: scene.elementOf({ userLabel: "x", the_int: 1e10 }), itemState: ItemState.New });
    expect(failure(() => start().insertResultsIntoIModel(results())).message).to.match(/^Values:Thing "x": /);
    const id = scene.imodel.elements.insertElement(scene.propsOf({}));
    const changed = { ...results(), itemState: ItemState.Changed };
    changed.element.id = id;
    expect(failure(() => start().updateResultsInIModel(changed)).code).to.equal("sync/invalid-value");
  });

  it("knows what every class of elements of BisCore takes", () => {
    const classes = query(
      scene.imodel,
      `SELECT c.Name name FROM meta.ECClassDef c JOIN meta.ClassHasAllBaseClasses h ON h.SourceECInstanceId=c.ECInstanceId
       JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
       WHERE s.Name='BisCore' AND b.Name='Element' AND c.Type=0`,
    );
    expect(classes.length).to.be.greaterThan(100);
    for (const { name } of classes) {
      const props = { classFullName: `BisCore:${String(name)}`, userLabel: "a" };
      expect(() => valueChecksOf(scene.imodel).checkProps(props, owner), String(name)).not.to.throw();
    }
  });

  it("knows properties that a schema brings during the run", async () => {
    write({ element: scene.elementOf({}), itemState: ItemState.New });
    const later = `<?xml version="1.0" encoding="UTF-8"?>
      <ECSchema schemaName="Later" alias="l" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
      <ECSchemaReference name="BisCore" version="01.00.14" alias="bis"/>
      <ECEntityClass typeName="Late"><BaseClass>bis:PhysicalElement</BaseClass><ECProperty propertyName="P" typeName="int"/></ECEntityClass>
      </ECSchema>`;
    const props = scene.propsOf({ classFullName: "Later:Late", p: 5 });
    expect(failure(() => valueChecksOf(scene.imodel).checkProps(props, owner)).code).to.equal("sync/unknown-class");
    await scene.imodel.importSchemaStrings([later]);
    expect(() => valueChecksOf(scene.imodel).checkProps(props, owner)).not.to.throw();
  });

  it("accepts values of aspects in every form in which it accepts those of elements", async () => {
    const types = ["dateTime", "long", "point2d", "point3d", "binary"] as const;
    const properties = types.map((type) => ({ name: `the_${type}`, type }));
    const classes = [{ name: "Stamp", baseClass: "BisCore:ElementMultiAspect", properties }];
    await importDescription(scene.imodel, { name: "Marks", classes }, "test");
    const aspect = {
      classFullName: "Marks:Stamp",
      the_dateTime: new Date(Date.UTC(2026, 0, 31)),
      the_long: "9007199254740991",
      the_point2d: [1, 2],
      the_point3d: [1, 2, 3],
      the_binary: "encoding=base64;AQI=",
    };
    const aspects = { schemas: ["Marks"], props: [aspect] };
    const results = { element: scene.elementOf({}), itemState: ItemState.New, aspects };
    write(results);
    const [row] = query(scene.imodel, "SELECT the_dateTime t, the_point3d p, the_long l FROM Marks.Stamp");
    expect(row).to.deep.include({ t: "2026-01-31T00:00:00.000", p: { x: 1, y: 2, z: 3 }, l: 9007199254740991 });
    expect(findAspectLosses(scene.imodel, results.element.id, aspects)).to.deep.equal([]);
  });

  it("refuses what is no element, wherever it stands", () => {
    const good = () => scene.elementOf({});
    const wrong: [results: unknown, words: string][] = [
      [undefined, 'Thing "a" has no element: it is undefined.'],
      [{ itemState: ItemState.New }, 'Thing "a" has no element'],
      [{ element: scene.propsOf({}), itemState: ItemState.New }, 'Thing "a" has no element: it is {'],
      [{ element: good(), itemState: ItemState.New, childElements: [undefined] }, 'A part of Thing "a" has no element'],
      [{ element: good(), itemState: ItemState.New, childElements: [{}] }, 'A part of Thing "a" has no element'],
      [
        { element: good(), itemState: ItemState.New, aspects: { schemas: ["V"], props: [undefined] } },
        "an aspect that is",
      ],
      [{ element: good(), itemState: ItemState.New, aspects: { props: [] } }, "the aspects have no schemas"],
    ];
    for (const [results, words] of wrong) expect(failure(() => write(results as never)).message).to.include(words);
    for (const results of [undefined, {}]) {
      expect(failure(() => start().insertResultsIntoIModel(results as never)).code).to.equal("sync/no-element");
      expect(failure(() => start().updateResultsInIModel(results as never)).code).to.equal("sync/no-element");
    }
    expect(count()).to.equal(0);
  });

  it("refuses an identifier and a state, also where nothing was compared before", () => {
    const results = () => ({ element: scene.elementOf({}), itemState: ItemState.New });
    const update = (item: object) => start().updateIModel(results(), IModel.rootSubjectId, item as never, "Thing");
    for (const item of [{ id: "a\0b" }, { id: 5 }, { id: "a", version: 5 }, { id: "a", checksum: () => 5 }, {}])
      expect(failure(() => update(item)).code, JSON.stringify(item)).to.equal("sync/invalid-item");
    const record = (item: object) => start().recordDocument(IModel.rootSubjectId, item as never, "Kind");
    for (const item of [{ id: "a\0b" }, { id: "a", version: 5 }, { id: "a", checksum: 5 }])
      expect(failure(() => record(item)).code, JSON.stringify(item)).to.equal("sync/invalid-item");
    const mark = () =>
      start().setExternalSourceAspect(scene.elementOf({}), ItemState.New, "0x1", { id: "a\0b" }, "Thing");
    expect(failure(mark).code).to.equal("sync/invalid-item");
    expect(query(scene.imodel, "SELECT count(*) n FROM bis.ExternalSourceAspect")[0]!.n).to.equal(0);
  });

  it("covers properties that the platform handles by itself", () => {
    const valueChecks = valueChecksOf(scene.imodel);
    const errorOf = (props: ThingProps & { classFullName: string }) =>
      failure(() => valueChecks.checkProps(props, owner));
    const link = "BisCore:RepositoryLink";
    for (const value of [5, true, {}, "a\0b"]) {
      expect(errorOf({ classFullName: link, url: value }).message).to.include("RepositoryLink.url is");
      expect(errorOf({ classFullName: link, description: value }).message).to.include("RepositoryLink.description is");
    }
    expect(errorOf({ classFullName: link, repositoryGuid: "7" }).code).to.equal("sync/invalid-value");
    expect(errorOf({ classFullName: "BisCore:EmbeddedFileLink", name: 5 }).code).to.equal("sync/invalid-value");
    const category = "BisCore:SpatialCategory";
    expect(errorOf({ classFullName: category, isPrivate: "yes" }).code).to.equal("sync/invalid-value");
    expect(errorOf({ classFullName: category, rank: "User" }).code).to.equal("sync/invalid-value");
    expect(errorOf({ classFullName: "BisCore:SpatialViewDefinition", origin: [0, NaN, 0] }).message).to.include(
      "origin[1]",
    );
    const good = { url: "https://a", description: "b", repositoryGuid: "8d0f3c70-9a3e-4f5f-8a53-0a3b9a1e6c11" };
    expect(() => valueChecks.checkProps({ classFullName: link, ...good }, owner)).not.to.throw();
    expect(() => valueChecks.checkProps({ classFullName: category, rank: 2, isPrivate: true }, owner)).not.to.throw();
  });

  it("refuses an identifier and a state that the iModel would change", () => {
    const sync = start();
    const detect = (item: object) => failure(() => sync.detectChanges("0x1", "Thing", item as never));
    for (const item of [{ id: 5 }, { id: "a\0b" }, { id: "a", version: 5 }, { id: "a", checksum: "\0" }, {}])
      expect(detect(item).code, JSON.stringify(item)).to.equal("sync/invalid-item");
    expect(() => sync.detectChanges("0x1", "Thing", { id: "a", checksum: () => "x" })).not.to.throw();
  });

  it("refuses what is not there: an item, a scope, the id of an element", () => {
    const element = () => scene.elementOf({});
    const results = () => ({ element: element(), itemState: ItemState.New });
    const written = () => scene.imodel.elements.getElement(scene.imodel.elements.insertElement(element().toJSON()));
    const item = { id: "a", checksum: "1" };
    const codeOf = (work: (sync: Synchronizer) => unknown) => failure(() => work(start())).code;
    const record = (sync: Synchronizer, of: unknown, scope: unknown, given: unknown = item) =>
      sync.setExternalSourceAspect(of as never, ItemState.New, scope as never, given as never, "Thing");

    for (const scope of ["", "0x9999", "here", undefined, "0"]) {
      expect(
        codeOf((sync) => sync.detectChanges(scope as never, "Thing", item)),
        scope,
      ).to.equal("sync/invalid-scope");
      const update = (sync: Synchronizer) => sync.updateIModel(results(), scope as never, item, "Thing");
      expect(codeOf(update), scope).to.equal("sync/invalid-scope");
      expect(
        codeOf((sync) => record(sync, written(), scope)),
        scope,
      ).to.equal("sync/invalid-scope");
    }
    expect(codeOf((sync) => sync.recordDocument("0x9999", item))).to.equal("sync/invalid-scope");
    expect(codeOf((sync) => sync.recordDocument("0x1", undefined as never))).to.equal("sync/invalid-item");
    expect(codeOf((sync) => sync.findItem("", "Thing", "a"))).to.equal("sync/invalid-scope");
    expect(start().findItem("0x9999", "Thing", "a")).to.equal(undefined);
    expect(codeOf((sync) => record(sync, element(), "0x1"))).to.equal("sync/no-element");
    expect(codeOf((sync) => record(sync, undefined, "0x1"))).to.equal("sync/no-element");
    expect(failure(() => record(start(), written(), "0x1", null)).code).to.equal("sync/invalid-item");
    expect(codeOf((sync) => sync.detectChanges("0x1", "Thing", undefined as never))).to.equal("sync/invalid-item");
    expect(codeOf((sync) => sync.updateResultsInIModel(results()))).to.equal("sync/no-element");
    expect(query(scene.imodel, "SELECT count(*) n FROM bis.ExternalSourceAspect")[0]!.n).to.equal(0);
  });

  it("refuses a member of results that nobody would look at", () => {
    const results = (more: object) => ({ element: scene.elementOf({}), itemState: ItemState.New, ...more }) as never;
    const props = [{ classFullName: "Values:Remark", text: "a" }];
    for (const more of [{ elementAspects: props }, { aspect: { schemas: [], props } }, { childElement: [] }])
      expect(failure(() => write(results(more))).code).to.equal("sync/unknown-member");
    expect(failure(() => write(results({ childElements: [results({ elementAspects: [] })] }))).code).to.equal(
      "sync/unknown-member",
    );
    expect(count()).to.equal(0);
  });
});
