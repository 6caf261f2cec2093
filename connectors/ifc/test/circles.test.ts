import { expect } from "chai";
import { segmentsFor } from "../src/model/circles/segments.js";
import { guid, point, shapedFile } from "./shapedFile.js";
import { IfcTimeline } from "./support.js";

/** A solid with a volume that a formula gives. */
interface Solid {
  name: string;
  /** The solid is the first instance. */
  lines: (id: number) => string[];
  volume: number;
  /** Its triangles must not be more. */
  triangles: number;
}

const extruded = (name: string, profile: string, area: number, triangles: number): Solid => ({
  name,
  lines: (id) => [`#${id}=IFCEXTRUDEDAREASOLID(#${id + 1},$,#104,2.);`, `#${id + 1}=${profile};`],
  volume: 2 * area,
  triangles,
});

const { PI } = Math;
const solids: readonly Solid[] = [
  extruded("pipe", "IFCCIRCLEPROFILEDEF(.AREA.,$,#49,0.02)", PI * 0.02 ** 2, 100),
  extruded("pile", "IFCCIRCLEPROFILEDEF(.AREA.,$,#49,0.6)", PI * 0.6 ** 2, 200),
  extruded("tank", "IFCCIRCLEPROFILEDEF(.AREA.,$,#49,15.)", PI * 15 ** 2, 400),
  extruded("hollow", "IFCCIRCLEHOLLOWPROFILEDEF(.AREA.,$,#49,0.5,0.05)", PI * (0.25 - 0.2025), 400),
  extruded("ellipse", "IFCELLIPSEPROFILEDEF(.AREA.,$,#49,2.,1.)", PI * 2, 400),
  {
    name: "disk",
    lines: (id) => [
      `#${id}=IFCSWEPTDISKSOLID(#${id + 1},0.3,$,$,$);`,
      `#${id + 1}=IFCPOLYLINE((#${id + 2},#${id + 3}));`,
      point(id + 2, 0, 0, 0),
      point(id + 3, 4, 0, 0),
    ],
    volume: 4 * PI * 0.09,
    triangles: 200,
  },
  {
    name: "elbow",
    lines: (id) => [
      `#${id}=IFCREVOLVEDAREASOLID(#${id + 1},$,#${id + 2},${PI / 2});`,
      `#${id + 1}=IFCCIRCLEPROFILEDEF(.AREA.,$,#49,0.1);`,
      `#${id + 2}=IFCAXIS1PLACEMENT(#${id + 3},#${id + 4});`,
      point(id + 3, 0.4, 0, 0),
      `#${id + 4}=IFCDIRECTION((0.,1.,0.));`,
    ],
    volume: PI * 0.01 * ((PI / 2) * 0.4),
    triangles: 1200,
  },
  {
    name: "cylinder",
    lines: (id) => [`#${id}=IFCCSGSOLID(#${id + 1});`, `#${id + 1}=IFCRIGHTCIRCULARCYLINDER(#14,3.,1.);`],
    volume: 3 * PI,
    triangles: 400,
  },
  {
    name: "half moon",
    lines: (id) => [
      `#${id}=IFCEXTRUDEDAREASOLID(#${id + 1},$,#104,2.);`,
      `#${id + 1}=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#${id + 2});`,
      `#${id + 2}=IFCINDEXEDPOLYCURVE(#${id + 3},(IFCARCINDEX((1,2,3)),IFCLINEINDEX((3,1))),$);`,
      `#${id + 3}=IFCCARTESIANPOINTLIST2D(((3.,0.),(0.,3.),(-3.,0.)));`,
    ],
    volume: PI * 9,
    triangles: 800,
  },
];

function columns(): string[] {
  return solids.flatMap(({ name, lines }, index) => {
    const id = 1000 + 20 * index;
    return [
      `#${id}=IFCCOLUMN(${guid(id)},$,'${name}',$,$,#15,#${id + 1},$,$);`,
      `#${id + 1}=IFCPRODUCTDEFINITIONSHAPE($,$,(#${id + 2}));`,
      `#${id + 2}=IFCSHAPEREPRESENTATION(#10,'Body','AdvancedSweptSolid',(#${id + 3}));`,
      ...lines(id + 3),
    ];
  });
}

/** Things beside the columns: a red pile by its style, a green one by its material, and a wall with a round hole. */
const others = [
  "#2000=IFCCOLOURRGB($,1.,0.,0.);",
  "#2001=IFCSURFACESTYLERENDERING(#2000,0.25,$,$,$,$,$,$,.FLAT.);",
  "#2002=IFCSURFACESTYLE('red',.BOTH.,(#2001));",
  "#2003=IFCSTYLEDITEM(#1023,(#2002),$);",
  "#2010=IFCCOLOURRGB($,0.,1.,0.);",
  "#2011=IFCSURFACESTYLERENDERING(#2010,0.,$,$,$,$,$,$,.FLAT.);",
  "#2012=IFCSURFACESTYLE('green',.BOTH.,(#2011));",
  "#2013=IFCSTYLEDITEM($,(#2012),$);",
  "#2014=IFCSTYLEDREPRESENTATION(#10,'Style','Material',(#2013));",
  "#2015=IFCMATERIALDEFINITIONREPRESENTATION($,$,(#2014),#2016);",
  "#2016=IFCMATERIAL('Grass',$,$);",
  `#2017=IFCRELASSOCIATESMATERIAL(${guid(2017)},$,$,$,(#1040,#2030),#2016);`,
  "#2030=IFCWALL('0shapedholewall0000000',$,'wall',$,$,#15,#2031,$,$);",
  "#2031=IFCPRODUCTDEFINITIONSHAPE($,$,(#2032));",
  "#2032=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#2033));",
  "#2033=IFCEXTRUDEDAREASOLID(#2034,$,#104,1.);",
  "#2034=IFCRECTANGLEPROFILEDEF(.AREA.,$,#49,4.,4.);",
  "#2040=IFCOPENINGELEMENT('0shapedhole00000000000',$,'hole',$,$,#15,#2041,$,$);",
  "#2041=IFCPRODUCTDEFINITIONSHAPE($,$,(#2042));",
  "#2042=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#2043));",
  "#2043=IFCEXTRUDEDAREASOLID(#2044,#2045,#104,3.);",
  "#2044=IFCCIRCLEPROFILEDEF(.AREA.,$,#49,1.);",
  "#2045=IFCAXIS2PLACEMENT3D(#2046,$,$);",
  point(2046, 0, 0, -1),
  `#2050=IFCRELVOIDSELEMENT(${guid(2050)},$,$,$,#2030,#2040);`,
];

/** What a viewer gets of an element. */
function meshOf(timeline: IfcTimeline, name: string): { volume: number; triangles: number; color: number } {
  const [row] = timeline.query(`SELECT ECInstanceId id FROM bis.GeometricElement3d WHERE UserLabel='${name}'`);
  const found = { volume: 0, triangles: 0, color: 0 };
  timeline.read((imodel) =>
    imodel.exportGraphics({
      elementIdArray: [row!.id as string],
      onGraphics: ({ color, mesh: { points, indices } }) => {
        found.color = color;
        found.triangles += indices.length / 3;
        const at = (corner: number) => [0, 1, 2].map((axis) => points[3 * indices[corner]! + axis]!) as [number, number, number]; // prettier-ignore
        for (let corner = 0; corner < indices.length; corner += 3) {
          const [a, b, c] = [at(corner), at(corner + 1), at(corner + 2)];
          found.volume += (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6; // prettier-ignore
        }
      },
    }),
  );
  return { ...found, volume: Math.abs(found.volume) };
}

describe("circles", () => {
  const text = shapedFile({ schema: "IFC4", lines: [...columns(), ...others] });
  let timeline: IfcTimeline;
  before(async () => {
    timeline = new IfcTimeline("m.ifc");
    expect((await timeline.result(text)).issues).to.deep.equal([]);
  });

  for (const { name, volume, triangles } of solids)
    it(`have the volume of a ${name} within 2 %, with ${triangles} triangles at most`, () => {
      const mesh = meshOf(timeline, name);
      expect(mesh.volume / volume).to.be.within(0.98, 1.001);
      expect(mesh.triangles).to.be.at.most(triangles);
    });

  it("keep the color of a style and of a material, and cut holes", () => {
    const red = meshOf(timeline, "pile").color;
    expect(red & 0xffffff).to.equal(255);
    expect(red >>> 24).to.be.closeTo(64, 1);
    expect(meshOf(timeline, "tank").color >>> 0).to.equal((255 << 8) >>> 0);
    expect(meshOf(timeline, "wall").color >>> 0).to.equal((255 << 8) >>> 0);
    expect(meshOf(timeline, "wall").volume / (16 - PI)).to.be.within(1, 1.005);
  });

  it("are finer with a smaller tolerance, and have a number of segments of one's own", async () => {
    const own = new IfcTimeline("m.ifc");
    own.args = { circleSegments: 6 };
    await own.result(text);
    expect(meshOf(own, "pile").volume / (2 * PI * 0.36)).to.be.closeTo(Math.sin(PI / 3) / (PI / 3), 1e-4);
    const fine = new IfcTimeline("m.ifc");
    fine.args = { chordTolerance: 0.0002 };
    await fine.result(text);
    expect(meshOf(fine, "pile").volume).to.be.greaterThan(meshOf(timeline, "pile").volume);
    fine.args = { circleSegments: 6 };
    await fine.result(text);
    expect(meshOf(fine, "pile").volume, "in an iModel that is there").to.equal(meshOf(own, "pile").volume);
  });

  it("are cut such that the segments are within the tolerance", () => {
    for (const [radius, tolerance] of [
      [0.3, 0.002],
      [5, 0.001],
    ] as const) {
      // prettier-ignore
      const count = segmentsFor(radius, tolerance);
      const sagitta = (segments: number) => radius * (1 - Math.cos(PI / segments));
      expect(sagitta(count)).to.be.at.most(tolerance);
      expect(sagitta(count - 1)).to.be.greaterThan(tolerance);
    }
    expect(segmentsFor(0.3, 0.002, PI / 2)).to.equal(Math.ceil(segmentsFor(0.3, 0.002) / 4));
  });
});

describe("transparency", () => {
  const space = (id: number, name: string, style: string[]) => [
    `#${id}=IFCSPACE(${guid(id)},$,'${name}',$,$,#15,#${id + 1},$,.ELEMENT.,.INTERNAL.,$);`,
    `#${id + 1}=IFCPRODUCTDEFINITIONSHAPE($,$,(#${id + 2}));`,
    `#${id + 2}=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#${id + 3}));`,
    `#${id + 3}=IFCEXTRUDEDAREASOLID(#${id + 4},$,#104,2.);`,
    `#${id + 4}=IFCRECTANGLEPROFILEDEF(.AREA.,$,#49,1.,1.);`,
    ...style,
  ];
  const styled = (item: number, id: number, transparency: string) => [
    `#${id}=IFCCOLOURRGB($,1.,1.,1.);`,
    `#${id + 1}=IFCSURFACESTYLERENDERING(#${id},${transparency},$,$,$,$,$,$,.FLAT.);`,
    `#${id + 2}=IFCSURFACESTYLE('s',.BOTH.,(#${id + 1}));`,
    `#${id + 3}=IFCSTYLEDITEM(#${item},(#${id + 2}),$);`,
  ];

  it("is that of the file for every type, and that of spaces without a style", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const lines = [
      ...space(300, "plain", []),
      ...space(320, "opaque", styled(323, 330, "0.")),
      ...space(340, "half", styled(343, 350, "0.5")),
    ];
    await timeline.result(shapedFile({ schema: "IFC4", lines }));
    const transparency = (name: string) => meshOf(timeline, name).color >>> 24;
    expect(transparency("plain")).to.be.closeTo(0.7 * 255, 1);
    expect(transparency("opaque")).to.equal(0);
    expect(transparency("half")).to.be.closeTo(0.5 * 255, 1);
    expect(meshOf(timeline, "plain").color & 0xffffff, "light steel blue").to.equal((222 << 16) | (196 << 8) | 176);
  });
});
