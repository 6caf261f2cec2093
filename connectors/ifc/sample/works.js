import { enumeration, IfcText, integer } from "./IfcText.js";

/** An alignment of a road with the referents at its stations, a frame on a grid, and pipes: a file each, in metres. */
export const works = { alignment, grid, pipes };

class Work {
  file = new IfcText();

  constructor() {
    const { file } = this;
    const metre = file.add("IFCSIUNIT", { text: "*" }, enumeration("LENGTHUNIT"), null, enumeration("METRE"));
    const radian = file.add("IFCSIUNIT", { text: "*" }, enumeration("PLANEANGLEUNIT"), null, enumeration("RADIAN"));
    const units = file.add("IFCUNITASSIGNMENT", [metre, radian]);
    this.context = file.add("IFCGEOMETRICREPRESENTATIONCONTEXT", null, "Model", integer(3), 1e-5, this.axes(), null);
    this.project = file.addRoot("IFCPROJECT", "project", "Works", null, null, null, null, [this.context], units);
    this.origin = file.add("IFCLOCALPLACEMENT", null, this.axes());
    const rest = [null, null, enumeration("ELEMENT"), null, null, null, null, null];
    this.site = file.addRoot("IFCSITE", "site", "Site", null, null, this.origin, ...rest);
    this.relate("IFCRELAGGREGATES", this.project, [this.site]);
  }

  point(...coordinates) {
    return this.file.add("IFCCARTESIANPOINT", coordinates);
  }

  direction(...ratios) {
    return this.file.add("IFCDIRECTION", ratios);
  }

  axes(at = [0, 0, 0], z = null, x = null) {
    const given = (direction) => direction && this.direction(...direction);
    return this.file.add("IFCAXIS2PLACEMENT3D", this.point(...at), given(z), given(x));
  }

  flat() {
    return this.file.add("IFCAXIS2PLACEMENT2D", this.point(0, 0), null);
  }

  place(...axes) {
    return this.file.add("IFCLOCALPLACEMENT", this.origin, this.axes(...axes));
  }

  relate(type, whole, parts) {
    const name = `${type} ${whole.instance}`;
    return this.file.addRoot(type, name, null, null, ...(type.includes("CONTAINED") ? [parts, whole] : [whole, parts]));
  }

  shape(item, [red, green, blue]) {
    const { file } = this;
    const color = file.add("IFCCOLOURRGB", null, red, green, blue);
    const shading = file.add("IFCSURFACESTYLERENDERING", color, 0, ...new Array(6).fill(null), enumeration("FLAT"));
    file.add("IFCSTYLEDITEM", item, [file.add("IFCSURFACESTYLE", null, enumeration("BOTH"), [shading])], null);
    const body = file.add("IFCSHAPEREPRESENTATION", this.context, "Body", "AdvancedSweptSolid", [item]);
    return file.add("IFCPRODUCTDEFINITIONSHAPE", null, null, [body]);
  }

  extrude(profile, length) {
    return this.file.add("IFCEXTRUDEDAREASOLID", profile, null, this.direction(0, 0, 1), length);
  }
}

/** Straight lines, clothoids and an arc in plan; a crest in the profile. */
function alignment() {
  const work = new Work();
  const { file } = work;
  const axis = file.addRoot("IFCALIGNMENT", "alignment", "Road", null, null, work.origin, null, null);
  const layout = (type, name, parameters) => {
    const own = file.addRoot(type, name, name, null, null, work.origin, null);
    const segments = parameters.map((one, index) =>
      file.addRoot("IFCALIGNMENTSEGMENT", `${name} ${index}`, `${name} ${index}`, null, null, null, null, one),
    );
    work.relate("IFCRELNESTS", own, segments);
    return own;
  };
  const plan = layout("IFCALIGNMENTHORIZONTAL", "plan", planOf(work));
  const vertical = (start, length, height, gradients, type) =>
    file.add("IFCALIGNMENTVERTICALSEGMENT", null, null, start, length, height, ...gradients, null, enumeration(type));
  const profile = layout("IFCALIGNMENTVERTICAL", "profile", [
    vertical(0, 120, 0, [0.1, 0.1], "CONSTANTGRADIENT"),
    vertical(120, 180, 12, [0.1, -0.1], "PARABOLICARC"),
    vertical(300, 160, 12, [-0.1, -0.1], "CONSTANTGRADIENT"),
  ]);
  work.relate("IFCRELNESTS", axis, [plan, profile]);
  work.relate("IFCRELAGGREGATES", work.project, [axis]);
  return file.toText({ schema: "IFC4X3_ADD2" });
}

/** Each segment begins where the one before ends, as the closed formulas of its kind have it. */
function planOf({ file }) {
  const at = { x: 0, y: 0, direction: 0 };
  const parts = [
    ["LINE", 100, 0, 0],
    ["CLOTHOID", 60, 0, 1 / 90],
    ["CIRCULARARC", 140, 1 / 90, 1 / 90],
    ["CLOTHOID", 60, 1 / 90, 0],
    ["LINE", 100, 0, 0],
  ];
  return parts.map(([type, length, from, to]) => {
    const radii = [from, to].map((curvature) => (curvature === 0 ? 0 : 1 / curvature));
    const start = file.add(
      "IFCCARTESIANPOINT",
      [at.x, at.y].map((value) => Number(value.toFixed(6))),
    );
    const values = [start, at.direction, ...radii, length, null, enumeration(type)];
    advance(at, length, (way) => from * way + ((to - from) * way * way) / (2 * length));
    return file.add("IFCALIGNMENTHORIZONTALSEGMENT", null, null, ...values);
  });
}

function advance(at, length, turn) {
  const steps = 1000;
  for (let step = 0; step < steps; step++) {
    const direction = at.direction + turn((length * (step + 0.5)) / steps);
    at.x += (length / steps) * Math.cos(direction);
    at.y += (length / steps) * Math.sin(direction);
  }
  at.direction += turn(length);
}

/** Columns where the axes of a grid meet. */
function grid() {
  const work = new Work();
  const { file } = work;
  const axis = (tag, ...ends) => {
    const line = file.add("IFCPOLYLINE", ends.map((end) => work.point(...end))); // prettier-ignore
    return file.add("IFCGRIDAXIS", tag, line, enumeration("T"));
  };
  const across = ["A", "B", "C"].map((tag, index) => axis(tag, [-2, 5 * index], [20, 5 * index]));
  const along = ["1", "2", "3", "4"].map((tag, index) => axis(tag, [6 * index, -2], [6 * index, 12]));
  const lists = [null, across, along, null, null];
  const own = file.addRoot("IFCGRID", "grid", "Grid", null, null, work.origin, ...lists);
  const profile = file.add("IFCCIRCLEPROFILEDEF", enumeration("AREA"), null, work.flat(), 0.3);
  const columns = across.flatMap((first, row) =>
    along.map((second, column) => {
      const name = `${"ABC"[row]}/${column + 1}`;
      const meeting = file.add("IFCVIRTUALGRIDINTERSECTION", [first, second], [0, 0]);
      const place = file.add("IFCGRIDPLACEMENT", null, meeting, null);
      const shape = work.shape(work.extrude(profile, 3.5), [0.65, 0.65, 0.68]);
      return file.addRoot("IFCCOLUMN", name, name, null, null, place, shape, null, null);
    }),
  );
  work.relate("IFCRELCONTAINEDINSPATIALSTRUCTURE", work.site, [own, ...columns]);
  return file.toText({ schema: "IFC4X3_ADD2" });
}

/** A main with bends, branches and a tank. */
function pipes() {
  const work = new Work();
  const { file } = work;
  const radius = 0.15;
  const ring = (size) => file.add("IFCCIRCLEHOLLOWPROFILEDEF", enumeration("AREA"), null, work.flat(), size, size / 10);
  const made = [];
  const add = (type, name, [place, item, color], ...rest) =>
    made.push(file.addRoot(type, name, name, null, null, place, work.shape(item, color), null, ...rest));
  const [blue, red] = [[0.3, 0.5, 0.75], [0.75, 0.35, 0.3]]; // prettier-ignore
  const pipe = (name, at, z, x, length, size = radius) =>
    add("IFCPIPESEGMENT", name, [work.place(at, z, x), work.extrude(ring(size), length), blue], null);
  pipe("main 1", [0, 0, 2], [1, 0, 0], [0, 1, 0], 6);
  pipe("main 2", [6.5, 0.5, 2], [0, 1, 0], [0, 0, 1], 4);
  // The axis of the bend is beside its profile, which stands at the end of the first pipe.
  const beside = file.add("IFCAXIS1PLACEMENT", work.point(0.5, 0, 0), work.direction(0, 1, 0));
  const bend = file.add("IFCREVOLVEDAREASOLID", ring(radius), null, beside, Math.PI / 2);
  add("IFCPIPEFITTING", "bend", [work.place([6, 0, 2], [1, 0, 0], [0, 1, 0]), bend, red], null);
  for (const x of [1, 3, 5]) pipe(`branch ${x}`, [x, 0, 0], [0, 0, 1], [1, 0, 0], 2, 0.08);
  const tank = file.add("IFCCIRCLEPROFILEDEF", enumeration("AREA"), null, work.flat(), 1);
  add("IFCTANK", "tank", [work.place([-1, 0, 0.5]), work.extrude(tank, 2.5), [0.7, 0.72, 0.75]], null);
  work.relate("IFCRELCONTAINEDINSPATIALSTRUCTURE", work.site, made);
  return file.toText();
}
