import { expect } from "chai";
import { compareIModels, type SchemaDescription } from "itwin-connector-framework";
import { defaultSchema, type TestEntity } from "./stream/StreamTestConnector.js";
import { StreamTimeline } from "./stream/StreamTimeline.js";

type Data = Record<string, unknown>;

const at = (x: number) => ({ origin: [x, 0, 0], angles: {} });
const geom = [{ sphere: { center: [0, 0, 0], radius: 1 } }];
const look = [{ appearance: { color: 5 } }];

const schema: SchemaDescription = {
  ...defaultSchema,
  classes: [
    ...defaultSchema.classes,
    {
      name: "Mark",
      properties: [
        { name: "place", type: "point3d" },
        { name: "spot", type: "point2d" },
        { name: "flow", type: "double" },
        { name: "name", type: "string" },
        { name: "url", type: "string" },
      ],
    },
  ],
};

/** What an element has in the first run and in the second one. */
const places: Record<string, [first: Data, second: Data, placedAt: number | undefined]> = {
  "placement only, moved": [{ placement: at(7) }, { placement: at(8) }, 8],
  "placement only, gone": [{ placement: at(7) }, {}, undefined],
  "placement only, null": [{ placement: at(7) }, { placement: null }, undefined],
  "placement only, new": [{}, { placement: at(8) }, 8],
  "geometry gone, placement moved": [{ geom, placement: at(7) }, { placement: at(8) }, 8],
  "geometry and placement gone": [{ geom, placement: at(7) }, {}, undefined],
  "geometry empty": [{ geom, placement: at(7) }, { geom: [], placement: at(7) }, 7],
  "geometry null": [{ geom, placement: at(7) }, { geom: null, placement: at(9) }, 9],
  "geometry without anything to draw": [{ geom, placement: at(7) }, { geom: look, placement: at(7) }, 7],
  "geometry empty as binary": [
    { geom, placement: at(7) },
    { elementGeometryBuilderParams: { entryArray: [] }, placement: at(8) },
    8,
  ],
  "geometry empty without a placement": [{ geom, placement: at(7) }, { geom: [] }, undefined],
  "geometry new": [{ placement: at(7) }, { geom, placement: at(8) }, 8],
  "geometry empty, then new": [{ geom: [], placement: at(7) }, { geom, placement: at(7) }, 7],
};

/** Other values that are there in the first run only, by the properties that are NULL then. */
const values: Record<string, [type: string, first: Data, second: Data, nulls: string[]]> = {
  "null for points": [
    "Mark",
    { place: [1, 2, 3], spot: [1, 2], flow: 1 },
    { place: null, spot: null, flow: null },
    ["place", "spot", "flow"],
  ],
  "null for points from the start": ["Mark", { place: null, spot: null }, { flow: 2, place: null }, ["place", "spot"]],
  "JSON left out": ["Pump", { jsonProperties: { a: 1 } }, {}, []],
  "JSON empty": ["Pump", { jsonProperties: { a: 1, b: { c: 2 } } }, { jsonProperties: {} }, []],
  "JSON null": ["Pump", { jsonProperties: { a: 1 } }, { jsonProperties: null }, []],
  "JSON with less": ["Pump", { jsonProperties: { a: 1, b: 2 } }, { jsonProperties: { b: 2 } }, []],
  "names of handled properties": ["Mark", { name: "n", url: "u" }, {}, ["name", "url"]],
  "a RepositoryLink": [
    "BisCore:RepositoryLink",
    {
      ...{ url: "http://a", description: "d", format: "f" },
      repositoryGuid: "11111111-2222-3333-4444-555555555555",
    },
    {},
    ["url", "description", "format", "repositoryGuid"],
  ],
  "a UrlLink": ["BisCore:UrlLink", { url: "http://a", description: "d" }, { url: null }, ["url", "description"]],
  "a UrlLink that keeps its URL": ["BisCore:UrlLink", { url: "http://a" }, { url: "http://a" }, ["description"]],
  "an EmbeddedFileLink": ["BisCore:EmbeddedFileLink", { name: "n", description: "d" }, { name: "m" }, []],
  "an EmbeddedFileLink without a name": ["BisCore:EmbeddedFileLink", { name: "n" }, {}, ["name"]],
  "a private category": [
    "BisCore:DrawingCategory",
    { code: { spec: "0x1", scope: "0x1", value: "c" }, isPrivate: true, description: "d", rank: 1 },
    { code: { spec: "0x1", scope: "0x1", value: "c" } },
    ["description"],
  ],
  "a private group of definitions": ["BisCore:DefinitionGroup", { isPrivate: true, rank: 3 }, {}, []],
};

describe("StreamConnector, for what an element no longer has,", () => {
  const entity = (id: string, type: string, data: Data): TestEntity => ({ kind: "Pump", id, type, data });
  const compared = async (entities: (index: 0 | 1) => TestEntity[]) => {
    const [incremental, fresh] = [new StreamTimeline(), new StreamTimeline()];
    for (const index of [0, 1] as const) await incremental.sync({ schema, entities: entities(index) });
    await fresh.sync({ schema, entities: entities(1) });
    const comparison = await compareIModels(incremental.iModelPath, fresh.iModelPath);
    expect(comparison.isEqual, JSON.stringify(comparison.elements, undefined, 1)).to.equal(true);
    return { incremental, fresh };
  };

  it("updates placements and geometry as a new iModel has them", async () => {
    const { incremental, fresh } = await compared((index) =>
      Object.entries(places).map(([id, states]) => ({
        ...entity(id, "Pump", states[index]),
        parts: [{ userLabel: `${id}, part`, ...states[index] }],
      })),
    );
    const ecsql = "SELECT UserLabel, Origin.X AS x, BBoxHigh.X AS size FROM Stream.Pump ORDER BY UserLabel";
    expect(incremental.query(ecsql)).to.deep.equal(fresh.query(ecsql));
    for (const [id, [, , x]] of Object.entries(places))
      for (const label of [id, `${id}, part`])
        expect(incremental.query(ecsql).find(({ userLabel }) => userLabel === label)?.x, label).to.equal(x);
  });

  it("clears values as a new iModel has them", async () => {
    const { incremental, fresh } = await compared((index) =>
      Object.entries(values).map(([id, [type, ...states]]) => ({
        ...entity(id, type, states[index]),
        ...(type === "Mark" && { parts: [{ classFullName: "Stream:Mark", ...states[index] }] }),
      })),
    );
    for (const [id, [type, , , nulls]] of Object.entries(values))
      for (const timeline of [incremental, fresh]) {
        const className = type.includes(":") ? type.replace(":", ".") : `Stream.${type}`;
        const [row] = timeline.query(`SELECT * FROM ${className} WHERE UserLabel='${id}'`);
        expect(row, id).to.not.equal(undefined);
        for (const name of nulls) expect(row?.[name] || undefined, `${id}: ${name}`).to.equal(undefined);
      }
  });
});
