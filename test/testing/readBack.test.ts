import { inspect } from "node:util";
import { ElementGeometry } from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";
import { expect } from "chai";
import type { NewAspectProps } from "itwin-connector-framework";
import { insertMultiAspect } from "../../src/imodel/native.js";
import { countValues, findAspectLosses, findLosses } from "../../src/testing/bench/readBack.js";
import { ball, ValueScene, type ThingProps } from "../sync/values/scene.js";

const given = {
  classFullName: "Values:Thing",
  userLabel: " a thing ",
  federationGuid: "8D0F3C70-9A3E-4F5F-8A53-0A3B9A1E6C11",
  jsonProperties: { a: [1, { b: "c" }], d: undefined },
  geom: ball(),
  placement: { origin: [1, 2, 3], angles: { yaw: 30 } },
  the_int: 5,
  the_double: 0.1,
  the_boolean: false,
  the_string: "text",
  the_dateTime: "2026-01-31T12:30:00",
  the_date: new Date(Date.UTC(2026, 0, 31)),
  the_point2d: [1, 2],
  the_point3d: { x: 1, y: 2, z: 3 },
  the_binary: new Uint8Array([1, 2]),
  the_list: [1, 2, 3, 4],
  the_size: { width: 2 },
  the_hint: "",
  the_long: null,
};

/** Other values, of which each is a loss. */
const others: Record<string, unknown> = {
  classFullName: "Values:Strict",
  userLabel: "another",
  federationGuid: "8d0f3c70-9a3e-4f5f-8a53-0a3b9a1e6c12",
  jsonProperties: { a: [1, { b: "d" }] },
  placement: { origin: [1, 2, 3], angles: { yaw: 31 } },
  the_int: 6,
  the_double: 0.1000001,
  the_boolean: true,
  the_string: "Text",
  the_dateTime: "2026-01-31T12:30:01",
  the_date: "2026-01-30",
  the_point2d: [1, 3],
  the_point3d: [1, 2, 4],
  the_binary: new Uint8Array([1, 3]),
  the_list: [1, 2, 3],
  the_size: { width: 3 },
  the_long: 1,
};

describe("Reading back what was written", () => {
  let scene: ValueScene;
  beforeEach(async () => {
    scene = await ValueScene.create();
  });
  afterEach(() => scene.imodel.close());

  it("finds every value that the iModel does not hold as it was given, and no other", () => {
    const props = { ...scene.propsOf(given), spare: undefined };
    const id = scene.imodel.elements.insertElement(scene.elementOf(given).toJSON());
    expect(findLosses(scene.imodel, id, props)).to.deep.equal([]);
    for (const [key, value] of Object.entries(others)) {
      const losses = findLosses(scene.imodel, id, { ...props, [key]: value });
      expect(losses, key).to.have.lengthOf(1);
      expect(losses[0]).to.match(new RegExp(`^${key} is .* in the source and .* in the iModel$`));
    }
  });

  it("finds geometry that the iModel has dropped", () => {
    const broken = { ...given, geom: [{ sphere: { center: [0, 0, 0] } }] };
    const id = scene.imodel.elements.insertElement(scene.elementOf(broken).toJSON());
    expect(findLosses(scene.imodel, id, broken)).to.deep.equal(["its geometry is not in the iModel"]);
  });

  it("compares the kinds of geometry, and where it reaches", () => {
    const small = ball();
    const line = (z: number) => ({
      lineString: [
        [0, 0, 0],
        [1, 1, z],
      ],
    });
    const lossOf = (written: object[], source: object) => {
      const props = { ...given, federationGuid: undefined, geom: written };
      const id = scene.imodel.elements.insertElement(scene.elementOf(props).toJSON());
      return findLosses(scene.imodel, id, { ...props, geom: source });
    };
    expect(lossOf(small, small)).to.deep.equal([]);
    expect(
      lossOf([{ sphere: { center: [0, 0, 0] } }, line(1)], [{ sphere: { center: [0, 0, 0] } }, line(1)]),
    ).to.deep.equal(["its geometry is [sphere, lineString] in the source and [lineString] in the iModel"]);
    expect(lossOf([line(1)], [line(2)])).to.deep.equal([
      "lineString 0 of its geometry reaches from 0,0,0 to 1,1,2 in the source and from 0,0,0 to 1,1,1 in the iModel",
    ]);
    const path = {
      path: [
        {
          lineSegment: [
            [0, 0, 0],
            [1, 1, 1],
          ],
        },
      ],
    };
    const tube = { cone: { start: [0, 0, 0], end: [0, 0, 1], radius: 1 } };
    expect(lossOf([path, tube], [path, tube]), "what the iModel calls otherwise").to.deep.equal([]);
  });

  it("takes geometry in every form in which the iModel takes it, also without a volume", () => {
    const point = [0, 1, 2].map((x) => ({ x, y: x * x, z: 0 }));
    const contour = {
      loop: [
        {
          lineString: [
            [1, 0, 0],
            [2, 0, 0],
            [2, 1, 0],
            [1, 0, 0],
          ],
        },
      ],
    };
    const turned = (sweepAngle: number) => ({
      rotationalSweep: { contour, center: [0, 0, 0], axis: [0, 1, 0], sweepAngle },
    });
    const entries = [
      { indexedMesh: { point, pointIndex: [1, 2, 3, 0] } },
      { box: { origin: [0, 0, 0], baseX: 0, baseY: 0, height: 0 } },
      { box: { origin: [0, 0, 0], baseX: 1 } },
      ...[0, 90, 720].map(turned),
      { cone: { start: [0, 0, 0], end: [0, 0, 1], startRadius: 0, endRadius: 0 } },
    ];
    for (const entry of entries) {
      const props = scene.propsOf({ geom: [entry], placement: given.placement });
      const id = scene.imodel.elements.insertElement(props);
      expect(findLosses(scene.imodel, id, props), JSON.stringify(entry)).to.deep.equal([]);
    }
    const box = (height: number) =>
      scene.propsOf({
        geom: [{ box: { origin: [0, 0, 0], baseX: 1, baseY: 1, height } }],
        placement: given.placement,
      });
    const id = scene.imodel.elements.insertElement(box(1));
    expect(findLosses(scene.imodel, id, box(2)), "another height").to.have.lengthOf(1);
    expect(findLosses(scene.imodel, id, box(1)), "the same").to.deep.equal([]);
  });

  it("takes values in every form in which the iModel takes them", () => {
    const code = (value: unknown) => ({ spec: "0x1", scope: "0x1", value }) as never;
    const forms: [right: ThingProps, wrong: ThingProps][] = [
      [{ the_binary: "encoding=base64;AQID" }, { the_binary: "encoding=base64;AQIE" }],
      [{ the_binary: "encoding=base64;AQ" }, { the_binary: "encoding=base64;Ag" }],
      [{ the_binary: Buffer.from("hi") }, { the_binary: Buffer.from("ho") }],
      [{ jsonProperties: {} }, { jsonProperties: { a: 1 } }],
      [{ jsonProperties: { a: undefined, b: {} } }, { jsonProperties: { b: { c: 1 } } }],
      [{ jsonProperties: { a: Buffer.from("hi") } }, { jsonProperties: { a: Buffer.from("ho") } }],
      [{ code: code(7) }, { code: code(8) }],
    ];
    for (const [right, wrong] of forms) {
      const id = scene.imodel.elements.insertElement(scene.elementOf(right).toJSON());
      expect(findLosses(scene.imodel, id, scene.propsOf(right)), inspect(right)).to.deep.equal([]);
      expect(findLosses(scene.imodel, id, scene.propsOf(wrong)), inspect(wrong)).to.have.lengthOf(1);
    }
  });

  it("compares geometry that is given as the builder's entries", () => {
    const entry = ElementGeometry.fromGeometryQuery(Sphere.createCenterRadius(Point3d.createZero(), 1))!;
    const params = { elementGeometryBuilderParams: { entryArray: [entry] } };
    const props = { ...scene.propsOf({ placement: given.placement }), ...params };
    const id = scene.imodel.elements.insertElement(props);
    expect(findLosses(scene.imodel, id, props)).to.deep.equal([]);
    const other = ElementGeometry.fromGeometryQuery(Sphere.createCenterRadius(Point3d.createZero(), 2))!;
    const losses = findLosses(scene.imodel, id, { ...props, elementGeometryBuilderParams: { entryArray: [other] } });
    expect(losses).to.have.lengthOf(1);
  });

  it("finds aspects that differ, that are gone and that nobody gave", () => {
    const id = scene.imodel.elements.insertElement(scene.propsOf({}));
    const remark = (text: string) => ({ classFullName: "Values:Remark", text });
    for (const text of ["a", "b"]) insertMultiAspect(scene.imodel, id, remark(text));
    const losses = (...props: NewAspectProps[]) => findAspectLosses(scene.imodel, id, { schemas: ["Values"], props });
    expect(losses(remark("a"), remark("b"))).to.deep.equal([]);
    expect(losses(remark("a"), remark("c"))).to.deep.equal([
      'Values:Remark.text is "c" in the source and "b" in the iModel',
    ]);
    expect(losses(remark("a"), remark("b"), remark("c"))).to.deep.equal(["its Values:Remark is not in the iModel"]);
    expect(losses(remark("a"))).to.deep.equal(["a Values:Remark is in the iModel only"]);
  });

  it("counts the values that it compares", () => {
    expect(countValues({ the_int: 0, the_hint: "", the_list: [], geom: ball(), spare: undefined })).to.equal(1);
  });
});
