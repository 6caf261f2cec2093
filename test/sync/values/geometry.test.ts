import {
  Drawing,
  DrawingCategory,
  DocumentListModel,
  RenderMaterialElement,
  SpatialCategory,
  SubCategory,
} from "@itwin/core-backend";
import {
  Code,
  ElementGeometry,
  GeometryStreamBuilder,
  IModel,
  type GeometricElement3dProps,
  type GeometryPartProps,
} from "@itwin/core-common";
import {
  Angle,
  AngleSweep,
  Arc3d,
  BagOfCurves,
  Box,
  BSplineCurve3d,
  BSplineSurface3d,
  Cone,
  DirectSpiral3d,
  IndexedPolyface,
  IntegratedSpiral3d,
  InterpolationCurve3d,
  LinearSweep,
  LineString3d,
  Loop,
  ParityRegion,
  Path,
  Point3d,
  PointString3d,
  Range3d,
  Ray3d,
  RotationalSweep,
  RuledSweep,
  Segment1d,
  Sphere,
  TorusPipe,
  Transform,
  UnionRegion,
  Vector3d,
  type GeometryQuery,
} from "@itwin/core-geometry";
import { expect } from "chai";
import { ConnectorError } from "itwin-connector-framework";
import { valueChecksOf } from "../../../src/sync/values/ValueChecks.js";
import { ball, ValueScene } from "./scene.js";

const p0 = [0, 0, 0];
const p1 = [1, 0, 0];
const p2 = [1, 1, 0];
const triangle = { lineString: [p0, p1, p2, p0] };
const loop = { loop: [triangle] };
const mesh = { point: [p0, p1, p2], pointIndex: [1, 2, 3, 0] };

const curve = { points: [p0, p1, p2], knots: [0, 0, 0, 1, 1, 1], order: 3 };
const surface = {
  points: [
    [p0, p1],
    [p0, p2],
  ],
  ...{ uKnots: [0, 0, 1, 1], vKnots: [0, 0, 1, 1], orderU: 2, orderV: 2 },
};
const ellipticCone = {
  ...{ start: p0, end: [0, 0, 1] },
  xyVectors: [
    [2, 0, 0],
    [0, 1, 0],
  ],
};

/** Neighbours of what is refused, which core-backend keeps. */
const kept: object[] = [
  { bcurve: curve },
  { bcurve: { ...curve, points: [p0, p1, p2].map((point, at) => [...point, 1 + at]) } },
  { bcurve: { ...curve, knots: [0, 1, 2, 3, 4, 5] } },
  { bcurve: { points: [p0, p1], knots: [0, 0, 1, 1], order: 2 } },
  { bcurve: { points: [p0, p1, p2, p0, p1], knots: [0, 0, 0, 0.5, 0.5, 1, 1, 1], order: 3 } },
  { bsurf: surface },
  { cone: { ...ellipticCone, startRadius: 1, endRadius: 0.5 } },
  { cone: { start: p0, end: [1, 0, 1], radius: 1, xyVectors: ellipticCone.xyVectors } },
  { indexedMesh: { ...mesh, normal: [[0, 0, 1]], normalIndex: [1, 1, 1, 0] } },
  { transitionSpiral: { origin: p0, startBearing: 0, endBearing: 25, startRadius: 0, endRadius: 100, type: "Bloss" } },
  { transitionSpiral: { origin: p0, startBearing: 0, startRadius: 0, endRadius: 100, length: 50, type: "Italian" } },
  { textString: { text: "a", height: 1, font: 1, rotation: { yaw: 5 }, widthFactor: 2 } },
];

/** How the data of a Parasolid body begin. */
const body = Buffer.from("B0\0\0\0: TRANSMIT FILE created by modeller version 3000226").toString("base64");

/** Entries of which core-backend drops something without an error, with where the fault is and what is expected. */
const broken: [entry: unknown, property: string, expected: string][] = [
  [{ loop: [] }, ".loop", "at least 1"],
  [{ loop: {} }, ".loop", "array"],
  [{ loop: [triangle, { foo: 1 }] }, ".loop[1].foo", "lineSegment"],
  [{ path: [null] }, ".path[0]", "a number"],
  [{ path: [5] }, ".path[0]", "lineSegment"],
  [{ parityRegion: [triangle] }, ".parityRegion[0].lineString", "loop"],
  [{ parityRegion: [loop, { loop: [] }] }, ".parityRegion[1].loop", "at least 1"],
  [{ unionRegion: [] }, ".unionRegion", "at least 1"],
  [{ bagOfCurves: [] }, ".bagOfCurves", "at least 1"],
  [{ bagOfCurves: [{ bagOfCurves: [{}] }] }, ".bagOfCurves[0].bagOfCurves[0]", "lineSegment"],
  [{ bagofCurves: [triangle] }, ".bagofCurves", "bagOfCurves"],
  [{ sphere: {} }, ".sphere.center", "a point"],
  [{ sphere: null }, ".sphere", "an object"],
  [{ sphere: { center: p0 } }, ".sphere.radius", "above zero"],
  [{ sphere: { center: p0, radius: 0 } }, ".sphere.radius", "above zero"],
  [{ sphere: { center: p0, radius: -1 } }, ".sphere.radius", "above zero"],
  [{ sphere: { center: p0, radius: 1, raduis: 2 } }, ".sphere.raduis", "nothing: its members are"],
  [{ sphere: { center: { X: 1, Y: 2 }, radius: 1 } }, ".sphere.center", "a point"],
  [{ sphere: { center: p0, radius: 1, latitudeStartEnd: [0] } }, ".sphere.latitudeStartEnd", "the start and the end"],
  [{ sphere: { center: p0, radius: 1, capped: "yes" } }, ".sphere.capped", "true or false"],
  [{ arc: { center: p0, vectorX: p1, vectorY: p2 } }, ".arc.sweepStartEnd", "degrees"],
  [{ arc: { center: p0, vectorX: p1, vectorY: p2, sweepStartEnd: [90] } }, ".arc.sweepStartEnd", "degrees"],
  [{ arc: { center: p0, radius: 1, sweepStartEnd: [0, 90] } }, ".arc.vectorX", "a point"],
  [{ arc: [p0, p1, p2] }, ".arc", "center, vectorX"],
  [{ lineSegment: [p0] }, ".lineSegment", "2 entries"],
  [{ lineSegment: [p0, p1, p2] }, ".lineSegment", "2 entries"],
  [{ lineString: [] }, ".lineString", "at least 1"],
  [{ lineString: [p0, [1], p2] }, ".lineString[1]", "a point"],
  [{ lineString: [p0, [true, 0, 0]] }, ".lineString[1]", "a point"],
  [{ point: p0 }, ".point", "pointString"],
  [{ coordinate: p0 }, ".coordinate", "pointString"],
  [{ akimaCurve: { fitPoints: [p0, p1, p2] } }, ".akimaCurve", "interpolationCurve"],
  [{ bcurve: { points: [p0, p1, p2], knots: [0, 0, 1], order: 3 } }, ".bcurve.knots", "6 numbers"],
  [{ bcurve: { points: [p0, p1, p2], knots: [0, 0, 0, 1, 1, 1] } }, ".bcurve.order", "from 2 to 26"],
  [{ bcurve: { points: [p0, p1], knots: [0, 0, 0, 1, 1], order: 3 } }, ".bcurve.order", "at most 2"],
  [{ bcurve: { points: [p0, p1, p2], knots: [0, 1, 2, 3], order: 1 } }, ".bcurve.order", "from 2 to 26"],
  [{ bcurve: { ...curve, knots: [1, 1, 1, 0, 0, 0] } }, ".bcurve.knots[3]", "no less than the knot before"],
  [{ bcurve: { ...curve, knots: [0, 0, 0, 0, 0, 0] } }, ".bcurve.knots", "the last one is above"],
  [{ bcurve: { ...curve, knots: [0, 0, 0, 0, 1, 1] } }, ".bcurve.knots[0]", "at most 3 times"],
  [
    {
      bcurve: {
        ...curve,
        points: [
          [...p0, 1],
          [...p1, 0],
          [...p2, 1],
        ],
      },
    },
    ".bcurve.points[1]",
    "a weight above zero",
  ],
  [{ bcurve: { ...curve, points: [[...p0, 1], p1, p2] } }, ".bcurve.points[1]", "4 numbers"],
  [{ bsurf: { ...surface, uKnots: [1, 1, 0, 0] } }, ".bsurf.uKnots[2]", "no less"],
  [{ bsurf: { ...surface, vKnots: [0, 0, 0, 0] } }, ".bsurf.vKnots", "the last one is above"],
  [{ bsurf: { ...surface, orderV: 3, vKnots: [0, 0, 0, 1, 1] } }, ".bsurf.orderV", "at most 2"],
  [
    {
      bsurf: {
        ...surface,
        points: [
          [p0, p1],
          [p0, [...p2, 1]],
        ],
      },
    },
    ".bsurf.points[1][1]",
    "3 numbers",
  ],
  [
    { bsurf: { points: [[p0, p1], [p0]], uKnots: [0, 0, 1, 1], vKnots: [0, 0, 1, 1], orderU: 2, orderV: 2 } },
    ".bsurf.points[1]",
    "at least 2",
  ],
  [{ transitionSpiral: { origin: p0, startBearing: 0, endBearing: 25 } }, ".transitionSpiral", "four of"],
  [{ transitionSpiral: { origin: p0, type: "nonsense" } }, ".transitionSpiral.type", "clothoid"],
  [{ interpolationCurve: { fitPoints: [p0] } }, ".interpolationCurve.fitPoints", "at least 2"],
  [{ indexedMesh: { ...mesh, pointIndex: [1, 2, 4, 0] } }, ".indexedMesh.pointIndex[2]", "up to 3"],
  [{ indexedMesh: { ...mesh, pointIndex: [1, -4, 2, 0] } }, ".indexedMesh.pointIndex[1]", "up to 3"],
  [{ indexedMesh: { ...mesh, pointIndex: [1.5, 2, 3, 0] } }, ".indexedMesh.pointIndex[0]", "whole number"],
  [{ indexedMesh: { ...mesh, pointIndex: [0, 1, 2, 0] } }, ".indexedMesh.pointIndex[0]", "begin with 1"],
  [{ indexedMesh: { ...mesh, pointIndex: [] } }, ".indexedMesh.pointIndex", "some"],
  [{ indexedMesh: { ...mesh, pointIndex: new Int32Array([1, 2, 3, 0]) } }, ".indexedMesh.pointIndex", "an array"],
  [{ indexedMesh: { ...mesh, point: [0, 0, 0, 1, 0, 0] } }, ".indexedMesh.point[0]", "a point"],
  [{ indexedMesh: { point: [p0] } }, ".indexedMesh.pointIndex", "an array"],
  [
    { indexedMesh: { ...mesh, normal: [[0, 0, 1]], normalIndex: [1, 1, 0] } },
    ".indexedMesh.normalIndex",
    "as many indices",
  ],
  [{ indexedMesh: { ...mesh, color: [1], colorIndex: [1, 2, 1, 0] } }, ".indexedMesh.colorIndex[1]", "up to 1"],
  [
    { indexedMesh: { ...mesh, normal: [p1], normalIndex: [1, 0, 1, 0] } },
    ".indexedMesh.normalIndex[1]",
    "0 where a face ends",
  ],
  [
    { indexedMesh: { ...mesh, normal: [p1], normalIndex: [1, 1, 1, 1] } },
    ".indexedMesh.normalIndex[3]",
    "0 where a face ends",
  ],
  [{ cone: { ...ellipticCone, radius: 1 } }, ".cone.xyVectors", "an ellipse"],
  [{ cone: { ...ellipticCone, startRadius: 1, endRadius: 1 } }, ".cone.xyVectors", "an ellipse"],
  [{ box: {} }, ".box.baseX", "a number"],
  [{ box: { baseX: 1 } }, ".box.origin", "a point"],
  [{ box: { origin: p0, baseX: 1, hieght: 5 } }, ".box.hieght", "nothing"],
  [{ cone: { start: p0, end: p1 } }, ".cone.radius", "a number"],
  [{ cone: { start: p0, end: p1, endRadius: 1 } }, ".cone.radius", "a number"],
  [{ cylinder: { start: p0, radius: 1 } }, ".cylinder.end", "a point"],
  [{ torusPipe: { center: p0, majorRadius: 2 } }, ".torusPipe.minorRadius", "a number"],
  [{ linearSweep: { contour: triangle, vector: p1 } }, ".linearSweep.contour.lineString", "loop"],
  [{ linearSweep: { contour: { loop: [] }, vector: p1 } }, ".linearSweep.contour.loop", "at least 1"],
  [{ rotationalSweep: { contour: loop, center: p0, axis: p1 } }, ".rotationalSweep.sweepAngle", "an angle"],
  [{ ruledSweep: { contour: [] } }, ".ruledSweep.contour", "at least 1"],
  [{}, "", "an object with one of"],
  [null, "", "an entry"],
  [{ foo: 1 }, ".foo", "nothing"],
  [{ appearance: { color: 1 }, sphere: { center: p0, radius: 1 } }, ".sphere", "in an entry of its own"],
  [{ geomPart: {} }, ".geomPart.part", "the id"],
  [{ geomPart: { part: "0xfffff" } }, ".geomPart.part", "the id of a BisCore:GeometryPart"],
  [{ geomPart: { part: "foo" } }, ".geomPart.part", "the id of a BisCore:GeometryPart"],
  [{ geomPart: { part: "0x1" } }, ".geomPart.part", "the id of a BisCore:GeometryPart"],
  [{ textString: { text: "a", height: 1 } }, ".textString.font", "above zero"],
  [{ textString: { text: "a", height: 0, font: 1 } }, ".textString.height", "above zero"],
  [{ textString: { text: 5, height: 1, font: 1 } }, ".textString.text", "a text"],
  [{ image: { corners: [p0, p1, p2, p0], textureId: "0xfffff" } }, ".image.textureId", "BisCore:Texture"],
  [{ brep: {} }, ".brep.data", "Parasolid"],
  [{ brep: { data: "AAAA" } }, ".brep.data", "Parasolid"],
  [{ textString: { text: "a", height: 1, font: 1, rotation: "x" } }, ".textString.rotation", "yaw"],
  [{ textString: { text: "a", height: 1, font: 1, widthFactor: 0 } }, ".textString.widthFactor", "other than zero"],
  [{ header: { flags: 0 } }, ".header", "the first entry"],
  [{ appearance: { subCategory: "0xfffff" } }, ".appearance.subCategory", "BisCore:SubCategory"],
  [{ appearance: { style: "0xfffff" } }, ".appearance.style", "BisCore:LineStyle"],
  [{ appearance: { colour: 5 } }, ".appearance.colour", "nothing"],
  [{ appearance: { color: "red" } }, ".appearance.color", "a whole number from 0 to 4294967295"],
  [{ appearance: { color: 2 ** 40 } }, ".appearance.color", "a whole number"],
  [{ appearance: { color: -1 } }, ".appearance.color", "a whole number"],
  [{ appearance: { weight: 1.5 } }, ".appearance.weight", "a whole number"],
  [{ pattern: { foo: 1 } }, ".pattern.foo", "nothing: its members are origin"],
  [{ styleMod: { foo: 1 } }, ".styleMod.foo", "nothing: its members are scale"],
  [{ material: {} }, ".material.materialId", "the id"],
  [{ material: { materialId: "0xfffff" } }, ".material.materialId", "BisCore:RenderMaterial"],
  [{ fill: { display: "always" } }, ".fill.display", "a whole number"],
  [{ pattern: { symbolId: "0xfffff" } }, ".pattern.symbolId", "BisCore:GeometryPart"],
];

describe("The check of geometry", () => {
  let scene: ValueScene;
  beforeEach(async () => {
    scene = await ValueScene.create();
  });
  afterEach(() => scene.imodel.close());

  const messageFor = (geom: unknown, props: object = {}): string | undefined => {
    const given = scene.propsOf({ geom, placement: { origin: p0, angles: {} }, ...props });
    try {
      valueChecksOf(scene.imodel).checkProps(given, { name: "It" });
      return undefined;
    } catch (error) {
      if (error instanceof ConnectorError) return `${error.code}: ${error.message}`;
      throw error;
    }
  };

  it("refuses what core-backend drops, with the index of the entry, the way to the fault and what is expected", () => {
    for (const [entry, property, expected] of broken) {
      const message = messageFor([...ball(), entry]) ?? "no fault";
      const start = `sync/invalid-value: It: Values:Thing.geom[1]${property} is `;
      expect(message.slice(0, start.length), JSON.stringify(entry)).to.equal(start);
      expect(message.slice(message.indexOf("but must be")), JSON.stringify(entry)).to.include(expected);
    }
  });

  it("accepts every kind of geometry that the builder makes, and core-backend keeps it", () => {
    for (const geometry of allGeometry()) {
      const builder = new GeometryStreamBuilder();
      builder.appendGeometry(geometry);
      const what = Object.keys(builder.geometryStream[0]!)[0];
      expect(messageFor(builder.geometryStream), what).to.equal(undefined);
      const id = scene.imodel.elements.insertElement(
        scene.propsOf({ geom: builder.geometryStream, placement: { origin: p0, angles: {} } }),
      );
      const { geom } = scene.imodel.elements.getElementProps<GeometricElement3dProps>({ id, wantGeometry: true });
      expect(geom, what).to.have.lengthOf(2);
      expect(messageFor(geom), `${what} as the iModel gives it`).to.equal(undefined);
    }
  });

  it("accepts the neighbours of what it refuses, and core-backend keeps them", () => {
    for (const entry of kept) {
      expect(messageFor([entry]), JSON.stringify(entry)).to.equal(undefined);
      const id = scene.imodel.elements.insertElement(
        scene.propsOf({ geom: [entry], placement: { origin: p0, angles: {} } }),
      );
      const { geom } = scene.imodel.elements.getElementProps<GeometricElement3dProps>({ id, wantGeometry: true });
      expect(Object.keys(geom?.at(-1) ?? {}), JSON.stringify(entry)).to.deep.equal(Object.keys(entry));
    }
  });

  it("accepts the data of a body, which core-backend can make on some platforms only", () => {
    for (const data of [body, `encoding=base64;${body}`])
      expect(messageFor([{ brep: { data } }]), data).to.equal(undefined);
  });

  it("knows the definitions that geometry may refer to", () => {
    const { imodel, category } = scene;
    const props: GeometryPartProps = {
      classFullName: "BisCore:GeometryPart",
      model: IModel.dictionaryId,
      code: Code.createEmpty(),
      geom: ball(),
    };
    const part = imodel.elements.insertElement(props);
    const own = imodel.elements.queryElementIdByCode(SubCategory.createCode(imodel, category, "Category"))!;
    const otherCategory = SpatialCategory.insert(imodel, IModel.dictionaryId, "Other", {});
    const other = imodel.elements.queryElementIdByCode(SubCategory.createCode(imodel, otherCategory, "Other"))!;
    const materialId = RenderMaterialElement.insert(
      imodel,
      IModel.dictionaryId,
      "Steel",
      new RenderMaterialElement.Params("p"),
    );
    expect(messageFor([{ geomPart: { part, origin: p1, rotation: { yaw: 90 }, scale: 2 } }])).to.equal(undefined);
    expect(messageFor([{ geomPart: { part, scale: 0 } }])).to.include("geom[0].geomPart.scale is 0");
    expect(messageFor([{ appearance: { subCategory: own } }, ...ball()])).to.equal(undefined);
    for (const none of ["0", "0x0"]) {
      expect(messageFor([{ appearance: { subCategory: none, style: none } }, ...ball()])).to.equal(undefined);
      expect(messageFor([{ material: { materialId: none } }, ...ball()])).to.equal(undefined);
    }
    expect(messageFor([{ appearance: { subCategory: other } }, ...ball()])).to.include(
      "but must be a SubCategory of the element's category",
    );
    expect(messageFor([{ appearance: { subCategory: own } }], { category: otherCategory })).to.include("category");
    expect(messageFor([{ material: { materialId } }, ...ball()])).to.equal(undefined);
    expect(messageFor([{ material: { materialId: category } }, ...ball()])).to.include("RenderMaterial");
    const ofPart = (geom: unknown) =>
      messageFor(geom, { classFullName: "BisCore:GeometryPart", category: undefined, placement: undefined });
    expect(ofPart([{ appearance: { color: 5 } }, ...ball()])).to.equal(undefined);
    expect(ofPart([{ appearance: { subCategory: own } }, ...ball()])).to.include("left out in a GeometryPart");
  });

  it("refuses solids in an element of two dimensions", () => {
    const { imodel } = scene;
    const list = DocumentListModel.insert(imodel, IModel.rootSubjectId, "Drawings");
    const place = {
      classFullName: "BisCore:DrawingGraphic",
      model: Drawing.insert(imodel, list, "Drawing"),
      category: DrawingCategory.insert(imodel, IModel.dictionaryId, "Lines", {}),
      placement: { origin: [1, 2], angle: 30 },
    };
    expect(messageFor([triangle, loop], place)).to.equal(undefined);
    expect(messageFor([triangle, ...ball()], place))
      .to.include("geom[1].sphere")
      .and.to.include("two dimensions");
    expect(messageFor([{ indexedMesh: mesh }], place)).to.include("geom[0].indexedMesh");
  });

  it("refuses geometry in two forms, of which one would be lost", () => {
    const entry = ElementGeometry.fromGeometryQuery(Sphere.createCenterRadius(Point3d.createZero(), 1))!;
    const elementGeometryBuilderParams = { entryArray: [entry] };
    expect(messageFor(ball(), { elementGeometryBuilderParams })).to.include("elementGeometryBuilderParams");
    expect(messageFor(undefined, { elementGeometryBuilderParams })).to.equal(undefined);
  });
});

function allGeometry(): GeometryQuery[] {
  const points = [0, 1, 2, 3, 4, 5].map((at) => Point3d.create(Math.cos(at), Math.sin(at), 0));
  const line = LineString3d.create(points);
  const circle = Arc3d.createXY(Point3d.create(3, 0, 0), 1);
  const region = Loop.create(LineString3d.createXY([points[0]!, points[1]!, points[2]!, points[0]!], 0));
  const polyface = IndexedPolyface.create();
  for (const corner of points.slice(0, 3)) polyface.addPointIndex(polyface.addPoint(corner));
  polyface.terminateFacet();
  const grid = Array.from({ length: 16 }, (_, at) => Point3d.create(at % 4, Math.floor(at / 4), 0));
  const up = Vector3d.unitZ();
  return [
    line,
    circle,
    Arc3d.createXY(Point3d.createZero(), 1, AngleSweep.createStartEndDegrees(0, 90)),
    PointString3d.create(points),
    BSplineCurve3d.createUniformKnots(points, 4)!,
    BSplineCurve3d.createPeriodicUniformKnots(points, 4)!,
    InterpolationCurve3d.create({ fitPoints: points })!,
    IntegratedSpiral3d.createRadiusRadiusBearingBearing(
      Segment1d.create(0, 100),
      AngleSweep.createStartEndDegrees(0, 25),
      Segment1d.create(0, 1),
      Transform.createIdentity(),
    )!,
    DirectSpiral3d.createFromLengthAndRadius(
      "Arema",
      0,
      100,
      Angle.zero(),
      undefined,
      50,
      undefined,
      Transform.createIdentity(),
    )!,
    region,
    Path.create(line, LineString3d.create(points[5]!, points[0]!)),
    ParityRegion.create(region),
    UnionRegion.create(region),
    BagOfCurves.create(line, circle),
    polyface,
    BSplineSurface3d.create(grid, 4, 3, [0, 0, 1, 2, 2], 4, 3, [0, 0, 1, 2, 2])!,
    Box.createRange(Range3d.create(Point3d.createZero(), Point3d.create(1, 2, 3)), true)!,
    Sphere.createCenterRadius(Point3d.createZero(), 1),
    Sphere.createEllipsoid(Transform.createIdentity(), AngleSweep.createStartEndDegrees(0, 45), true)!,
    Cone.createAxisPoints(Point3d.createZero(), Point3d.create(0, 0, 1), 1, 0.5, true)!,
    Cone.createAxisPoints(Point3d.createZero(), Point3d.create(0, 0, 1), 1, 1, false)!,
    TorusPipe.createInFrame(Transform.createIdentity(), 3, 1, Angle.createDegrees(90), true)!,
    LinearSweep.create(region, up, true)!,
    RotationalSweep.create(
      Loop.create(circle),
      Ray3d.create(Point3d.createZero(), Vector3d.unitY()),
      Angle.createDegrees(90),
      true,
    )!,
    RuledSweep.create([region, region.cloneTransformed(Transform.createTranslation(up))!], true)!,
  ];
}
