import { enumeration, globalId, IfcText, integer, typed } from "./IfcText.js";

/** Sizes in metres. */
const [length, depth, storeyHeight, thickness] = [8, 6, 3, 0.3];

/**
 * A house of our own: storeys of four walls, a slab, windows, a door, a table and a room; a roof on top. It uses all that
 * the connector knows: types, property sets, quantities, materials, classification, groups, shared geometry and colors.
 * @param storeys - how many there are
 * @param wallHeight - of the first wall; another one makes it another wall
 * @param withTable - whether there is a table on the ground floor
 * @param metresPerUnit - the unit of lengths: 1 or 0.001
 * @param georeference - `site` for latitude and longitude, `map` for a map conversion
 */
export function house({
  storeys = 2,
  wallHeight = storeyHeight,
  withTable = true,
  metresPerUnit = 1,
  georeference = "site",
} = {}) {
  const file = new IfcText();
  const make = new Maker(file, metresPerUnit);
  const project = make.project();
  make.georeference(georeference);
  const { site, building } = make.site(project);
  const floors = [];
  for (let index = 0; index < storeys; index++)
    floors.push(
      make.storey(index, { wallHeight: index === 0 ? wallHeight : storeyHeight, withTable: withTable || index > 0 }),
    );
  make.relate("IFCRELAGGREGATES", "storeys", building, floors);
  make.roof(floors.at(-1), storeys * storeyHeight);
  make.finish(site, building);
  return file;
}

class Maker {
  constructor(file, metresPerUnit) {
    this.file = file;
    this.metresPerUnit = metresPerUnit;
    this.walls = [];
    this.windows = [];
    this.rooms = [];
  }

  size(metres) {
    return Number((metres / this.metresPerUnit).toPrecision(12));
  }

  point(...metres) {
    return this.file.add(
      "IFCCARTESIANPOINT",
      metres.map((value) => this.size(value)),
    );
  }

  direction(...ratios) {
    return this.file.add("IFCDIRECTION", ratios);
  }

  axes(x, y, z, xAxis) {
    const up = xAxis && this.direction(0, 0, 1);
    return this.file.add("IFCAXIS2PLACEMENT3D", this.point(x, y, z), up, xAxis && this.direction(...xAxis));
  }

  place(parent, x, y, z, xAxis) {
    return this.file.add("IFCLOCALPLACEMENT", parent, this.axes(x, y, z, xAxis));
  }

  relate(type, name, relating, related) {
    this.file.addRoot(type, `rel ${name}`, null, null, relating, related);
  }

  project() {
    const { file } = this;
    const prefix = this.metresPerUnit === 1 ? null : enumeration("MILLI");
    this.metre = file.add("IFCSIUNIT", { text: "*" }, enumeration("LENGTHUNIT"), null, enumeration("METRE"));
    const units = [
      file.add("IFCSIUNIT", { text: "*" }, enumeration("LENGTHUNIT"), prefix, enumeration("METRE")),
      file.add("IFCSIUNIT", { text: "*" }, enumeration("AREAUNIT"), null, enumeration("SQUARE_METRE")),
      file.add("IFCSIUNIT", { text: "*" }, enumeration("VOLUMEUNIT"), null, enumeration("CUBIC_METRE")),
      file.add("IFCSIUNIT", { text: "*" }, enumeration("PLANEANGLEUNIT"), null, enumeration("RADIAN")),
    ];
    const north = this.direction(0.6, 0.8);
    this.context = file.add(
      "IFCGEOMETRICREPRESENTATIONCONTEXT",
      null,
      "Model",
      integer(3),
      1e-5,
      this.axes(0, 0, 0),
      north,
    );
    this.body = file.add(
      "IFCGEOMETRICREPRESENTATIONSUBCONTEXT",
      ...["Body", "Model", { text: "*" }, { text: "*" }, { text: "*" }, { text: "*" }],
      ...[this.context, null, enumeration("MODEL_VIEW"), null],
    );
    const assignment = file.add("IFCUNITASSIGNMENT", units);
    return file.addRoot(
      "IFCPROJECT",
      "project",
      "House",
      "A small house",
      null,
      null,
      null,
      [this.context],
      assignment,
    );
  }

  georeference(kind) {
    this.isOnMap = kind === "map";
    if (!this.isOnMap) return;
    const crs = this.file.add("IFCPROJECTEDCRS", "EPSG:32632", null, null, null, null, null, this.metre);
    const scale = this.metresPerUnit;
    this.file.add("IFCMAPCONVERSION", this.context, crs, 500000, 5400000, 120, 0.8, 0.6, scale);
  }

  site(project) {
    const { file } = this;
    const [latitude, longitude] = this.isOnMap
      ? [null, null]
      : [
          [48, 30, 0],
          [9, 15, 30],
        ];
    const degrees = (parts) => parts && parts.map(integer);
    const sitePlace = this.place(null, 0, 0, 0);
    const site = file.addRoot(
      ...["IFCSITE", "site", "Site", null, null, sitePlace, null, null, enumeration("ELEMENT")],
      ...[degrees(latitude), degrees(longitude), this.size(120), null, null],
    );
    this.origin = this.place(sitePlace, 0, 0, 0);
    const address = file.add(
      "IFCPOSTALADDRESS",
      ...[null, null, null, null, ["Musterstra\u00dfe 1"], null, "Town", null, "12345", null],
    );
    const building = file.addRoot(
      ...["IFCBUILDING", "building", "House", null, null, this.origin, null, null, enumeration("ELEMENT")],
      ...[null, null, address],
    );
    this.relate("IFCRELAGGREGATES", "sites", project, [site]);
    this.relate("IFCRELAGGREGATES", "buildings", site, [building]);
    this.library();
    return { site, building };
  }

  /** What all storeys share: colors, materials, types, and the geometry of windows. */
  library() {
    const { file } = this;
    this.plaster = this.style("Plaster", 0.93, 0.88, 0.78, 0);
    this.glass = this.style("Glass", 0.55, 0.75, 0.9, 0.6);
    this.wood = this.style("Wood", 0.55, 0.35, 0.2, 0);
    this.tiles = this.style("Tiles", 0.7, 0.3, 0.22, 0);
    this.concrete = this.style("Concrete", 0.65, 0.65, 0.65, 0);
    const brick = file.add("IFCMATERIAL", "Brick", null, null);
    const insulation = file.add("IFCMATERIAL", "D\u00e4mmung", null, null);
    const layers = [
      file.add("IFCMATERIALLAYER", brick, this.size(0.2), null, "Core", null, null, null),
      file.add("IFCMATERIALLAYER", insulation, this.size(0.1), null, "Insulation", null, null, null),
    ];
    const set = file.add("IFCMATERIALLAYERSET", layers, "Outer wall", null);
    const usage = [enumeration("AXIS2"), enumeration("POSITIVE"), 0, null];
    this.layers = file.add("IFCMATERIALLAYERSETUSAGE", set, ...usage);
    this.brick = brick;
    this.windowMap = this.map("window", this.box(0, 0, 0, 1.2, 0.1, 1.2), this.glass);
    const common = this.propertySet("Pset_WallCommon", "wall type", [
      ["ThermalTransmittance", typed("IFCTHERMALTRANSMITTANCEMEASURE", 0.24)],
      ["Reference", typed("IFCIDENTIFIER", "Outer wall")],
    ]);
    const type = [null, "Outer wall", null, null, [common], null, null, null, enumeration("SOLIDWALL")];
    this.wallType = file.add("IFCWALLTYPE", globalId("wall type"), ...type);
  }

  style(name, red, green, blue, transparency) {
    const { file } = this;
    const color = file.add("IFCCOLOURRGB", null, red, green, blue);
    const rest = [transparency, ...new Array(6).fill(null), enumeration("FLAT")];
    const rendering = file.add("IFCSURFACESTYLERENDERING", color, ...rest);
    return file.add("IFCSURFACESTYLE", name, enumeration("BOTH"), [rendering]);
  }

  box(x, y, z, dx, dy, dz) {
    const corner = this.file.add("IFCAXIS2PLACEMENT2D", this.point(x + dx / 2, y + dy / 2), null);
    const profile = this.file.add(
      "IFCRECTANGLEPROFILEDEF",
      ...[enumeration("AREA"), null, corner, this.size(dx), this.size(dy)],
    );
    return this.extrude(profile, z, dz);
  }

  extrude(profile, z, height) {
    return this.file.add(
      "IFCEXTRUDEDAREASOLID",
      profile,
      this.axes(0, 0, z),
      this.direction(0, 0, 1),
      this.size(height),
    );
  }

  color(item, style) {
    this.file.add("IFCSTYLEDITEM", item, [style], null);
    return item;
  }

  shape(items, kind = "SweptSolid") {
    const representation = this.file.add("IFCSHAPEREPRESENTATION", this.body, "Body", kind, items);
    return this.file.add("IFCPRODUCTDEFINITIONSHAPE", null, null, [representation]);
  }

  map(name, item, style) {
    this.color(item, style);
    const representation = this.file.add("IFCSHAPEREPRESENTATION", this.body, "Body", "SweptSolid", [item]);
    return this.file.add("IFCREPRESENTATIONMAP", this.axes(0, 0, 0), representation);
  }

  mapped(map) {
    const operator = this.file.add("IFCCARTESIANTRANSFORMATIONOPERATOR3D", null, null, this.point(0, 0, 0), null, null);
    return this.shape([this.file.add("IFCMAPPEDITEM", map, operator)], "MappedRepresentation");
  }

  propertySet(name, owner, properties) {
    const values = properties.map(([label, value]) =>
      this.file.add("IFCPROPERTYSINGLEVALUE", label, null, value, null),
    );
    return this.file.addRoot("IFCPROPERTYSET", `${name} of ${owner}`, name, null, values);
  }

  give(object, owner, set) {
    this.relate("IFCRELDEFINESBYPROPERTIES", `${owner} set ${this.file.instances.length}`, [object], set);
  }

  storey(index, { wallHeight, withTable }) {
    const { file } = this;
    const elevation = index * storeyHeight;
    const place = this.place(this.origin, 0, 0, elevation);
    const storey = file.addRoot(
      ...["IFCBUILDINGSTOREY", `storey ${index}`, `Storey ${index}`, null, null, place, null, null],
      ...[enumeration("ELEMENT"), this.size(elevation)],
    );
    const elements = [this.slab(index, place), ...this.storeyWalls(index, place, wallHeight)];
    if (withTable) elements.push(this.table(index, place));
    this.relate("IFCRELCONTAINEDINSPATIALSTRUCTURE", `in storey ${index}`, elements, storey);
    this.room(index, place, storey);
    return storey;
  }

  slab(index, parent) {
    const shape = this.shape([this.color(this.box(0, 0, -0.25, length, depth, 0.25), this.concrete)]);
    return this.element("IFCSLAB", `slab ${index}`, this.place(parent, 0, 0, 0), shape, enumeration("FLOOR"));
  }

  element(type, name, place, shape, ...rest) {
    return this.file.addRoot(type, name, name, null, null, place, shape, name.toUpperCase(), ...rest);
  }

  storeyWalls(index, parent, firstHeight) {
    const sides = [
      { at: [0, 0], along: [1, 0, 0], size: length, opening: index === 0 ? "door" : "window" },
      { at: [length, 0], along: [0, 1, 0], size: depth, opening: "window" },
      { at: [length, depth], along: [-1, 0, 0], size: length, opening: "window" },
      { at: [0, depth], along: [0, -1, 0], size: depth },
    ];
    return sides.flatMap((side, number) => {
      const name = `wall ${index}.${number}`;
      return this.wall(name, parent, side, number === 0 ? firstHeight : storeyHeight);
    });
  }

  wall(name, parent, { at: [x, y], along, size, opening }, height) {
    const place = this.place(parent, x, y, 0, along);
    const shape = this.shape([this.color(this.box(0, 0, 0, size, thickness, height), this.plaster)]);
    const wall = this.element("IFCWALL", name, place, shape, enumeration("SOLIDWALL"));
    this.walls.push(wall);
    this.wallSets(wall, name, size, height);
    return opening === undefined ? [wall] : [wall, this.fill(opening, name, wall, place, size)];
  }

  wallSets(wall, name, size, height) {
    const { file } = this;
    this.give(
      wall,
      name,
      this.propertySet("Pset_WallCommon", name, [
        ["IsExternal", typed("IFCBOOLEAN", enumeration("T"))],
        ["FireRating", typed("IFCLABEL", "F 90")],
        ["Combustible", typed("IFCLOGICAL", enumeration("U"))],
      ]),
    );
    const quantities = [
      file.add("IFCQUANTITYLENGTH", "Length", null, null, this.size(size), null),
      file.add("IFCQUANTITYAREA", "GrossSideArea", null, null, size * height, null),
    ];
    const set = ["Qto_WallBaseQuantities", null, null, quantities];
    this.give(wall, name, file.addRoot("IFCELEMENTQUANTITY", `quantities of ${name}`, ...set));
  }

  fill(kind, name, wall, wallPlace, size) {
    const isDoor = kind === "door";
    const [width, height, sill] = isDoor ? [1, 2.1, 0] : [1.2, 1.2, 0.9];
    const place = this.place(wallPlace, (size - width) / 2, 0, sill);
    const hole = this.shape([this.box(0, -0.1, 0, width, thickness + 0.2, height)]);
    const opening = this.element("IFCOPENINGELEMENT", `opening in ${name}`, place, hole, enumeration("OPENING"));
    this.relate("IFCRELVOIDSELEMENT", `void ${name}`, wall, opening);
    const at = this.place(place, 0, 0.1, 0);
    const sizes = [this.size(height), this.size(width), null, null, null];
    const filling = isDoor
      ? this.element("IFCDOOR", `door in ${name}`, at, this.doorShape(), ...sizes)
      : this.element("IFCWINDOW", `window in ${name}`, at, this.mapped(this.windowMap), ...sizes);
    if (!isDoor) this.windows.push(filling);
    this.relate("IFCRELFILLSELEMENT", `fill ${name}`, opening, filling);
    return filling;
  }

  doorShape() {
    return this.shape([this.color(this.box(0, 0, 0, 1, 0.1, 2.1), this.wood)]);
  }

  /** A table of triangles. */
  table(index, parent) {
    const { file } = this;
    const corners = [0, 0.75].flatMap((z) => [[0, 0, z], [1.6, 0, z], [1.6, 0.8, z], [0, 0.8, z]]); // prettier-ignore
    const points = corners.map((corner) => corner.map((value) => this.size(value)));
    const list = file.add("IFCCARTESIANPOINTLIST3D", points);
    const faces = [
      [1, 3, 2], [1, 4, 3], [5, 6, 7], [5, 7, 8], [1, 2, 6], [1, 6, 5],
      [2, 3, 7], [2, 7, 6], [3, 4, 8], [3, 8, 7], [4, 1, 5], [4, 5, 8],
    ]; // prettier-ignore
    const set = file.add(
      "IFCTRIANGULATEDFACESET",
      list,
      null,
      enumeration("T"),
      faces.map((face) => face.map(integer)),
      null,
    );
    const shape = this.shape([this.color(set, this.wood)], "Tessellation");
    return this.element("IFCFURNITURE", `table ${index}`, this.place(parent, 3, 2.5, 0), shape, null);
  }

  room(index, parent, storey) {
    const inside = [thickness, thickness, 0, length - 2 * thickness, depth - 2 * thickness, storeyHeight - 0.25];
    const shape = this.shape([this.box(...inside)]);
    const place = this.place(parent, 0, 0, 0);
    const rest = ["Living room", enumeration("ELEMENT"), enumeration("INTERNAL"), null];
    const room = this.file.addRoot("IFCSPACE", `room ${index}`, `R${index}`, null, null, place, shape, ...rest);
    this.relate("IFCRELAGGREGATES", `rooms ${index}`, storey, [room]);
    this.rooms.push(room);
  }

  /** A gable roof: a triangle along the house. */
  roof(storey, height) {
    const { file } = this;
    const outline = [[-0.4, 0], [depth + 0.4, 0], [depth / 2, 2.2], [-0.4, 0]].map((corner) => this.point(...corner)); // prettier-ignore
    const polyline = file.add("IFCPOLYLINE", outline);
    const profile = file.add("IFCARBITRARYCLOSEDPROFILEDEF", enumeration("AREA"), null, polyline);
    const solid = this.extrude(profile, -0.4, length + 0.8);
    // The profile stands upright: its x is the house's y, and it is swept along the house's x.
    const axes = file.add(
      "IFCAXIS2PLACEMENT3D",
      this.point(0, 0, height),
      this.direction(1, 0, 0),
      this.direction(0, 1, 0),
    );
    const place = file.add("IFCLOCALPLACEMENT", this.origin, axes);
    const shape = this.shape([this.color(solid, this.tiles)]);
    const roof = this.element("IFCROOF", "roof", place, shape, enumeration("GABLE_ROOF"));
    this.relate("IFCRELCONTAINEDINSPATIALSTRUCTURE", "roof in storey", [roof], storey);
  }

  finish(site, building) {
    const { file } = this;
    this.relate("IFCRELDEFINESBYTYPE", "wall type", this.walls, this.wallType);
    this.relate("IFCRELASSOCIATESMATERIAL", "layers", this.walls, this.layers);
    const source = file.add("IFCCLASSIFICATION", "NIST", "1", null, "Uniformat", null, null, null);
    const reference = file.add("IFCCLASSIFICATIONREFERENCE", null, "B2010", "Exterior Walls", source, null, null);
    this.relate("IFCRELASSOCIATESCLASSIFICATION", "class", this.walls, reference);
    const zone = file.addRoot("IFCZONE", "zone", "Flat", null, null, null);
    const system = file.addRoot("IFCSYSTEM", "system", "Glazing", null, null);
    const members = (name, group, of) =>
      file.addRoot("IFCRELASSIGNSTOGROUP", `members ${name}`, null, null, of, null, group);
    members("zone", zone, this.rooms);
    members("system", system, this.windows);
    this.relate("IFCRELSERVICESBUILDINGS", "services", system, [building]);
    this.give(site, "site", this.propertySet("Pset_SiteCommon", "site", [["TotalArea", typed("IFCAREAMEASURE", 500)]]));
  }
}
